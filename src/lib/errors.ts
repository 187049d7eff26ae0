/** What can go wrong, as callers see it. Published in the schema as `ErrorCode`. */
export const errorCodes = {
  INVALID_INPUT: 'The input breaks a rule; `field` says where. Nothing was written.',
  NOT_FOUND: 'There is no such thing in this workspace.',
  CONFLICT:
    'It clashes with what is stored: `conflictingId` names the other thing, `currentVersion` is where it was expected at another, `retryAfterMs` says when what is still running may be done.',
  UNAUTHENTICATED: 'No key came with the request, or it is unknown, expired or revoked.',
  FORBIDDEN: 'The key lacks the scope that this asks for, or pages of this origin may not call.',
  RATE_LIMITED: 'Too much at once; try again after `retryAfterMs`.',
  QUERY_TOO_COMPLEX: 'The operation asks for more than one request may.',
  IDEMPOTENCY_MISMATCH: 'The idempotency key was used before, within a day, for something else. Nothing was written.',
  DOCUMENT_NOT_FOUND: 'No document of this `documentId` is known here: send its text.',
  PERSISTED_QUERY_NOT_FOUND:
    'The server does not know the document of this `extensions.persistedQuery` hash yet: send hash and text once.',
  UNAVAILABLE: 'The database cannot be reached, or what was asked took too long; try again.',
  INTERNAL: 'A fault of ours. Nothing about it is told here; the log has it.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

export type ErrorDetails = {
  /** Path into the input, outermost first. */
  field?: (string | number)[];
  /** Id of the thing that stands in the way. */
  conflictingId?: string;
  /** When to try again. */
  retryAfterMs?: number;
  /** What the thing is at; 0 where there is none. */
  currentVersion?: number;
  /** Everything that is wrong, this error first. Set only where several things are. */
  problems?: Problem[];
};

/** One of several things that are wrong with an input. */
export type Problem = { code: ErrorCode; message: string; field: (string | number)[] };

/** A refusal that the caller may see as it is. Everything else that is thrown is a fault and stays hidden. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.details = details;
  }
}

export function invalid(message: string, ...field: (string | number)[]): DomainError {
  return new DomainError('INVALID_INPUT', message, { field });
}

/** One error for everything that is wrong; the first problem is its own. */
export function problemsError(problems: Problem[]): DomainError {
  const { code, message, field } = problems[0] ?? { code: 'INVALID_INPUT', message: 'Is not valid.', field: [] };
  return new DomainError(code, message, problems.length > 1 ? { field, problems } : { field });
}
