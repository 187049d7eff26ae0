import type { RapportErrorCode } from './error.ts';

/** An answer of the API, or anything else in JSON. */
export type Answer = { data?: unknown; errors?: unknown };
export type AnswerError = {
  message: string;
  extensions?: {
    code?: RapportErrorCode;
    field?: (string | number)[];
    conflictingId?: string;
    retryAfterMs?: number;
    currentVersion?: number;
  };
};

/** The answer that a body is; empty where it is none. */
export function answerIn(body: string): Answer {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    // A page of whatever stands in between, or what came of an answer that broke off.
    return {};
  }
}

/**
 * A text without any of the texts within a value: what refuses an input may quote it. Names of enum values and small
 * numbers stay, and words that are part of another.
 */
export function withoutTexts(text: string, value: unknown): string {
  if (typeof value === 'string') {
    if (value.length < 3 || value.length > text.length || /^([A-Z_]+|[\d.]{1,8})$/.test(value)) return text;
    const edge = /^[a-z]+$/i.test(value) ? '\\b' : '';
    return text.replace(new RegExp(edge + value.replace(/[^\w\s]/g, '\\$&') + edge, 'gi'), '…');
  }
  return Object.values(value ?? {}).reduce<string>(withoutTexts, text);
}
