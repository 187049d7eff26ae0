import type { ContactReason, ErrorCode, NextActionBlock, OrderActionRefusal } from './generated/types.ts';

/**
 * One of the API's error codes, or a failure to get a response from the API: no response (`NETWORK`), a timeout
 * (`TIMEOUT`), the caller's signal (`ABORTED`), or a response that is not from the API (`BAD_RESPONSE`). A request that cannot be sent fails with
 * `INVALID_INPUT`, like one that the API rejects.
 */
export type RapportErrorCode = ErrorCode | 'NETWORK' | 'TIMEOUT' | 'ABORTED' | 'BAD_RESPONSE';

/** One error of a response. */
export type RapportErrorPart = {
  code: RapportErrorCode;
  message: string;
  /**
   * Path into the data, outermost first, of the field that this error makes null. Undefined if the whole request
   * failed.
   */
  path?: (string | number)[] | undefined;
  /** Path into the input, outermost first. */
  field?: (string | number)[] | undefined;
  /** ID of the object that causes the conflict. */
  conflictingId?: string | undefined;
  /** Current version of an object that was expected to have another version; 0 if the object does not exist. */
  currentVersion?: number | undefined;
  /** Scopes that the operation requires and the key lacks. */
  missingScopes?: string[] | undefined;
  /** Milliseconds to wait before another attempt. */
  retryAfterMs?: number | undefined;
  /** Why an action on an order, a follow-up or a gesture is refused. */
  refusal?: OrderActionRefusal | ContactReason | NextActionBlock | undefined;
  /** Next time contact is allowed, if quiet hours refuse it. */
  nextAllowedAt?: string | undefined;
};

export type RapportErrorDetails = Omit<RapportErrorPart, 'code' | 'message'> & {
  /** HTTP status. Undefined if there was no response. */
  status?: number | undefined;
  /** Name of the operation. */
  operation?: string | undefined;
  /** ID of the request in the API's log. */
  requestId?: string | undefined;
  /** Number of times the request was sent. */
  attempts?: number | undefined;
  /** All errors of the response, in the API's order. Empty if the API did not respond. */
  errors?: RapportErrorPart[] | undefined;
};

/**
 * The reason why an operation failed: the first error of the response. `errors` has all errors of the response. The
 * message and JSON of an error never contain variables, the token, or a request or response body.
 */
export class RapportError extends Error {
  override readonly name = 'RapportError';
  declare readonly code: RapportErrorCode;
  declare readonly status: number | undefined;
  declare readonly path: (string | number)[] | undefined;
  declare readonly field: (string | number)[] | undefined;
  declare readonly conflictingId: string | undefined;
  declare readonly currentVersion: number | undefined;
  declare readonly missingScopes: string[] | undefined;
  declare readonly retryAfterMs: number | undefined;
  declare readonly refusal: OrderActionRefusal | ContactReason | NextActionBlock | undefined;
  declare readonly nextAllowedAt: string | undefined;
  declare readonly operation: string | undefined;
  declare readonly requestId: string | undefined;
  declare readonly attempts: number | undefined;
  declare readonly errors: RapportErrorPart[];
  /**
   * Data of the parts that succeeded, such as mutations. Null if nothing succeeded. Not enumerable, so personal data is
   * neither printed nor part of the JSON.
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

  /** Also matches errors of other copies of this package, such as the CommonJS build or another bundle. */
  static [Symbol.hasInstance](error: unknown): error is RapportError {
    return error instanceof Error && error.name === 'RapportError';
  }

  toJSON(): RapportErrorDetails & { name: string; code: RapportErrorCode; message: string } {
    return { ...this, message: this.message };
  }
}
