import type { RapportErrorPart } from './error.ts';

/** What a request costs, in points, and what its key has left. */
export type Cost = {
  /** Points of this request. */
  requested: number;
  /** Points that one request may cost. */
  limit: number;
  /** Points that the key has left in this minute. Undefined when the request was refused for its cost. */
  remaining?: number;
  /** When the key has all its points again. */
  resetAt?: string;
};

/** An answer of the API, or anything else in JSON. */
export type Answer = { data?: unknown; errors?: unknown; extensions?: { cost?: Cost } | null };

/** The answer that a body is; empty where it is none. */
export function answerIn(body: string): Answer {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    // A page of whatever stands in between, or what came of an answer that broke off.
    return {};
  }
}

/** What the SDK tells of one error of an answer, without the texts of `sent`. */
export function partOf(error: unknown, sent: unknown): RapportErrorPart {
  const { message, path, extensions } = Object(error);
  const { code = 'INTERNAL', field, conflictingId, currentVersion, retryAfterMs } = Object(extensions);
  return {
    message: withoutTexts(String(message), sent),
    code,
    path,
    field,
    conflictingId,
    currentVersion,
    retryAfterMs,
  };
}

/**
 * A text without any of the texts within a value: what refuses an input may quote it. Names of enum values and small
 * numbers stay, and words that are part of another. The longest goes first: it may hold another.
 */
export function withoutTexts(text: string, value: unknown): string {
  const quoted = textsIn(value)
    .filter((each) => !/^(.{0,2}|[A-Z_]+|[\d.]{1,8})$/s.test(each) && text.toLowerCase().includes(each.toLowerCase()))
    .sort((a, b) => b.length - a.length)
    .map((each) => (/^[a-z]+$/i.test(each) ? `\\b${each}\\b` : each.replace(/[^\w\s]/g, '\\$&')));
  return quoted[0] ? text.replace(new RegExp(quoted.join('|'), 'gi'), '…') : text;
}

function textsIn(value: unknown): string[] {
  return typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(textsIn);
}
