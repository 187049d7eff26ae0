import type { GraphQLError } from 'graphql';
import type { ErrorCode } from '../lib/errors.ts';
import type { HttpEffect } from './request-error.ts';

/** Response to a GraphQL request, without the headers that every response has. */
export type EngineResponse = { status: number; headers: Record<string, string>; body: Buffer };

/** Result of a request. `data` is UTF-8 JSON or a value. It is undefined if the operation did not run. */
export type Result = {
  data?: unknown;
  errors?: readonly GraphQLError[] | undefined;
  extensions?: object | undefined;
  http?: HttpEffect | undefined;
};

export const mediaTypes = ['application/graphql-response+json', 'application/json'] as const;
export type MediaType = (typeof mediaTypes)[number];

// Statuses that HTTP clients act on. Any other response is 200 with its errors in the body.
const statuses: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  QUERY_TOO_COMPLEX: 400,
  RATE_LIMITED: 429,
  DOCUMENT_NOT_FOUND: 404,
};
const statusOfCode = new Map<unknown, number>(Object.entries(statuses));

/** Serializes a result, and derives the status and headers from its errors. */
export function responseOf({ data, errors = [], extensions, http = {} }: Result, type: MediaType): EngineResponse {
  let status = Math.max(http.status ?? 0, (isStrict(type) && http.strictStatus) || 0);
  let waitMs = 0;
  for (const { extensions } of errors) {
    status = Math.max(status, statusOfCode.get(extensions.code) ?? 0);
    if (typeof extensions.retryAfterMs === 'number') waitMs = Math.max(waitMs, extensions.retryAfterMs);
  }
  const headers: Record<string, string> = { 'content-type': `${type}; charset=utf-8`, ...http.headers };
  if (waitMs > 0) headers['retry-after'] = String(Math.ceil(waitMs / 1_000));
  return { status: status || 200, headers, body: bodyOf(data, errors, extensions) };
}

function isStrict(type: MediaType): boolean {
  return type === 'application/graphql-response+json';
}

const [openWithData, close] = [Buffer.from('{"data":'), Buffer.from('}')];

function bodyOf(data: unknown, errors: readonly GraphQLError[], extensions: object | undefined): Buffer {
  const rest = JSON.stringify({ errors: errors.length > 0 ? errors : undefined, extensions });
  if (data === undefined) return Buffer.from(rest);
  const json = Buffer.isBuffer(data) ? data : Buffer.from(JSON.stringify(data));
  return Buffer.concat([openWithData, json, rest === '{}' ? close : Buffer.from(`,${rest.slice(1)}`)]);
}

/**
 * Returns the first media type in an Accept header that a response can have. Null if there is none. Ignores weights, as
 * most clients do not send them.
 */
export function mediaTypeOf(accept: string | null): MediaType | null {
  if (!accept || accept === '*/*') return 'application/json';
  for (const range of accept.toLowerCase().replaceAll(/\s/g, '').split(',')) {
    const [type, ...parameters] = range.split(';');
    if (parameters.some((each) => each.startsWith('charset=') && each !== 'charset=utf-8')) continue;
    if (type === '*/*' || type === 'application/*') return 'application/json';
    const found = mediaTypes.find((each) => each === type);
    if (found) return found;
  }
  return null;
}
