import type { ErrorCode } from './generated.ts';

/** A code of the API, or what went wrong on the way there. */
export type RapportErrorCode = ErrorCode | 'NETWORK' | 'BAD_RESPONSE';

export type RapportErrorDetails = {
  /** HTTP status, where there was an answer. */
  status?: number;
  /** Path into the input, outermost first. */
  field?: (string | number)[];
  /** Id of the thing that stands in the way. */
  conflictingId?: string;
  retryAfterMs?: number;
  /** What a thing is at that was expected at another version; 0 where there is none. */
  currentVersion?: number;
  cause?: unknown;
};

/** Why an operation failed. Neither the text nor any field holds variables or the token. */
export class RapportError extends Error {
  readonly code: RapportErrorCode;
  readonly status: number | undefined;
  readonly field: (string | number)[] | undefined;
  readonly conflictingId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly currentVersion: number | undefined;

  constructor(
    code: RapportErrorCode,
    message: string,
    { status, field, conflictingId, retryAfterMs, currentVersion, cause }: RapportErrorDetails = {},
  ) {
    super(message, { cause });
    this.name = 'RapportError';
    this.code = code;
    this.status = status;
    this.field = field;
    this.conflictingId = conflictingId;
    this.retryAfterMs = retryAfterMs;
    this.currentVersion = currentVersion;
  }
}
