import { DomainError, type ErrorCode, type ErrorDetails } from '../lib/errors.ts';

/**
 * Effect of a request on the HTTP response: its lowest status and additional headers. `strictStatus` applies only to
 * `application/graphql-response+json`, because clients of `application/json` expect 200 for errors of the document.
 */
export type HttpEffect = { status?: number; strictStatus?: number; headers?: Record<string, string> };

/** The rejection of a request before its operation runs. */
export class RequestError extends Error {
  readonly errors: readonly unknown[];
  readonly http: HttpEffect;

  constructor(errors: readonly unknown[], http: HttpEffect) {
    super('The request was rejected.');
    this.errors = errors;
    this.http = http;
  }
}

/** Creates a rejection with one error. */
export function requestError(
  http: HttpEffect,
  message: string,
  code: ErrorCode = 'INVALID_INPUT',
  details: ErrorDetails = {},
): RequestError {
  return new RequestError([new DomainError(code, message, details)], http);
}
