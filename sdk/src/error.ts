import type { ErrorCode } from './generated/types.ts';

/**
 * A code of the API, or what went wrong on the way there: no answer (`NETWORK`), none in time (`TIMEOUT`), the caller's
 * own signal (`ABORTED`), or an answer that is none of the API's (`BAD_RESPONSE`). A request that cannot be sent fails
 * with `INVALID_INPUT`, as one that the API refuses.
 */
export type RapportErrorCode = ErrorCode | 'NETWORK' | 'TIMEOUT' | 'ABORTED' | 'BAD_RESPONSE';

/** One error of an answer. */
export type RapportErrorPart = {
  code: RapportErrorCode;
  message: string;
  /** Path into the data, outermost first: the field that is null because of it. Undefined when it concerns the whole request. */
  path?: (string | number)[] | undefined;
  /** Path into the input, outermost first. */
  field?: (string | number)[] | undefined;
  /** ID of the object that stands in the way. */
  conflictingId?: string | undefined;
  /** Current version of an object that was expected at another one; 0 if it does not exist. */
  currentVersion?: number | undefined;
  /** How long to wait before another try, in milliseconds. */
  retryAfterMs?: number | undefined;
};

export type RapportErrorDetails = Omit<RapportErrorPart, 'code' | 'message'> & {
  /** HTTP status. Undefined if there was no answer. */
  status?: number | undefined;
  /** Name of the operation. */
  operation?: string | undefined;
  /** ID of the request in the API's log. */
  requestId?: string | undefined;
  /** How many times the request was sent. */
  attempts?: number | undefined;
  /** Every error of the answer, in the API's order. Empty if the API did not answer. */
  errors?: RapportErrorPart[] | undefined;
};

/**
 * Why an operation failed: the first error of the answer, with all of them in `errors`. Neither its text nor its JSON
 * holds variables, the token or a body.
 */
export class RapportError extends Error {
  override readonly name = 'RapportError';
  declare readonly code: RapportErrorCode;
  declare readonly status: number | undefined;
  declare readonly path: (string | number)[] | undefined;
  declare readonly field: (string | number)[] | undefined;
  declare readonly conflictingId: string | undefined;
  declare readonly currentVersion: number | undefined;
  declare readonly retryAfterMs: number | undefined;
  declare readonly operation: string | undefined;
  declare readonly requestId: string | undefined;
  declare readonly attempts: number | undefined;
  declare readonly errors: RapportErrorPart[];
  /**
   * What of the operation succeeded: of several mutations, those that were written. Null if nothing did. Personal data, so
   * it is neither printed nor part of the JSON.
   */
  declare readonly data: unknown;

  constructor(
    code: RapportErrorCode,
    message: string,
    { data = null, ...details }: RapportErrorDetails & { data?: unknown } = {},
  ) {
    super(message);
    Object.assign(this, { code, errors: [] }, details);
    Object.defineProperty(this, 'data', { value: data });
  }

  /** Also true of an error of another copy of this package: as an ES module and as CommonJS, or in another bundle. */
  static [Symbol.hasInstance](error: unknown): error is RapportError {
    return error instanceof Error && error.name === 'RapportError';
  }

  toJSON(): RapportErrorDetails & { name: string; code: RapportErrorCode; message: string } {
    return { ...this, message: this.message };
  }
}
