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
 * numbers stay, and words that are part of another. The longest goes first: it may hold another.
 */
export function withoutTexts(text: string, value: unknown): string {
  const lower = text.toLowerCase();
  return textsIn(value)
    .filter((each) => !/^(.{0,2}|[A-Z_]+|[\d.]{1,8})$/s.test(each) && lower.includes(each.toLowerCase()))
    .sort((a, b) => b.length - a.length)
    .reduce((rest, each) => {
      const edge = /^[a-z]+$/i.test(each) ? '\\b' : '';
      return rest.replace(new RegExp(edge + each.replace(/[^\w\s]/g, '\\$&') + edge, 'gi'), '…');
    }, text);
}

function textsIn(value: unknown): string[] {
  return typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(textsIn);
}
