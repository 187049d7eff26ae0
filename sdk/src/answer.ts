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

/**
 * What the SDK reports of one error of an answer, without the token and without what the message quotes of the variables
 * that were sent, as JSON.
 */
export function partOf(error: unknown, sent: string, token: string): RapportErrorPart {
  const { message, path, extensions } = Object(error);
  const { code = 'INTERNAL', field, conflictingId, currentVersion, retryAfterMs } = Object(extensions);
  return {
    message: withoutTexts(String(message), sent, token),
    code,
    path,
    field,
    conflictingId,
    currentVersion,
    retryAfterMs,
  };
}

// The API quotes nothing that was sent, but what stands between may. Plain words and small numbers are part of the API's own
// sentences, so they go only from within quotation marks. The longest text goes first: it may contain another.
function withoutTexts(text: string, sent: string, token: string): string {
  const texts = [token];
  JSON.parse(sent, (_, value) => {
    if (typeof value === 'string') texts.push(value);
    return value;
  });
  return texts
    .filter((each) => text.toLowerCase().includes(each.toLowerCase()))
    .sort((a, b) => b.length - a.length)
    .reduce((said, each) => {
      const mark = (each && each === token) || telling.test(each) ? '' : '"';
      return said.replace(RegExp(mark + each.replace(/\W/g, '\\$&') + mark, 'gi'), `${mark}…${mark}`);
    }, text);
}

const telling = /^(?!.{0,3}$|[\d.]{1,8}$).*([^!-~]|[\d@+])/s;
