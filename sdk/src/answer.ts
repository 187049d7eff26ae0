import type { RapportErrorPart } from './error.ts';

/** Rate limit cost of a request, in points, and the points its key has left. */
export type Cost = {
  /** Points charged before the request runs: the most that it may cost. */
  requested: number;
  /**
   * Points that the request cost. The rest of `requested` is refunded. Undefined if the request was rejected because of
   * its cost.
   */
  actual?: number;
  /** Most points that a single request may cost. */
  limit: number;
  /** Points that the key has left in this minute, after the refund. Undefined if the request was rejected because of its cost. */
  remaining?: number;
  /** When the key has all its points again. */
  resetAt?: string;
};

/** A response of the API, or any other JSON object. */
export type Answer = { data?: unknown; errors?: unknown; extensions?: { cost?: Cost } | null };

/** Parses a response body. Returns an empty response if it is not JSON. */
export function answerIn(body: string): Answer {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    // A page from a proxy, or a truncated response.
    return {};
  }
}

/**
 * Converts one error of a response for the SDK. Removes the token and any text that the message quotes from the
 * variables. `sent` holds the variables as JSON.
 */
export function partOf(error: unknown, sent: string, token: string): RapportErrorPart {
  const { message, path, extensions } = Object(error);
  const {
    code = 'INTERNAL',
    field,
    conflictingId,
    currentVersion,
    missingScopes,
    retryAfterMs,
    refusal,
    nextAllowedAt,
  } = Object(extensions);
  return {
    message: withoutTexts(String(message), sent, token),
    code,
    path,
    field,
    conflictingId,
    currentVersion,
    missingScopes,
    retryAfterMs,
    refusal,
    nextAllowedAt,
  };
}

// The API never quotes the input, but a proxy may. Plain words and small numbers also occur in the API's own messages,
// so they are removed only inside quotation marks. Longer texts are removed first, because they may contain shorter
// ones.
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
