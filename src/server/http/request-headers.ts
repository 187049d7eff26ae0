import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Request headers, looked up by lowercase name. */
export type RequestHeaders = { get(name: string): string | null };

/** Wraps the headers of a Node request. */
export function nodeHeaders(headers: IncomingHttpHeaders): RequestHeaders {
  return { get: (name) => (headers[name] === undefined ? null : String(headers[name])) };
}

/** Accepts the caller's request ID if it is safe to log, or creates one. */
export function requestIdOf(headers: RequestHeaders): string {
  const given = headers.get('x-request-id');
  return given !== null && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
