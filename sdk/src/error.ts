import type { ErrorCode } from './generated/types.ts';

/**
 * A code of the API, or what went wrong on the way there: no answer (`NETWORK`), none in time (`TIMEOUT`), the caller's
 * own signal (`ABORTED`), or an answer that is none of the API's (`BAD_RESPONSE`).
 */
export type RapportErrorCode = ErrorCode | 'NETWORK' | 'TIMEOUT' | 'ABORTED' | 'BAD_RESPONSE';

export type RapportErrorDetails = {
  /** HTTP status, where there was an answer. */
  status?: number | undefined;
  /** Path into the input, outermost first. */
  field?: (string | number)[] | undefined;
  /** Id of the thing that stands in the way. */
  conflictingId?: string | undefined;
  /** What a thing is at that was expected at another version; 0 where there is none. */
  currentVersion?: number | undefined;
  /** After how long it is worth another try. */
  retryAfterMs?: number | undefined;
  /** What the operation is called. */
  operation?: string | undefined;
  /** What the request is called in the API's log. */
  requestId?: string | undefined;
  /** How often it was sent. */
  attempts?: number | undefined;
};

/** Why an operation failed. Neither the text nor any field holds variables, the token or a body. */
export class RapportError extends Error {
  override readonly name = 'RapportError';
  declare readonly code: RapportErrorCode;
  declare readonly status: number | undefined;
  declare readonly field: (string | number)[] | undefined;
  declare readonly conflictingId: string | undefined;
  declare readonly currentVersion: number | undefined;
  declare readonly retryAfterMs: number | undefined;
  declare readonly operation: string | undefined;
  declare readonly requestId: string | undefined;
  declare readonly attempts: number | undefined;

  constructor(code: RapportErrorCode, message: string, details: RapportErrorDetails = {}) {
    super(message);
    Object.assign(this, { code }, details);
  }

  toJSON(): RapportErrorDetails & { name: string; code: RapportErrorCode; message: string } {
    return { ...this, message: this.message };
  }
}
