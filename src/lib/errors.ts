/** Error codes that callers see, published in the schema as `ErrorCode`. */
export const errorCodes = {
  INVALID_INPUT: 'The input is invalid at the path in `field`. Nothing was written.',
  NOT_FOUND: 'The object does not exist in this workspace.',
  CONFLICT:
    'The request conflicts with stored data. `conflictingId` is the ID of the conflicting object. ' +
    '`currentVersion` is the version of the object if you expected another version. `retryAfterMs` is the ' +
    'time to wait if another operation is still running. `refusal` is the reason why an action on an order, a ' +
    'follow-up or a gesture is refused. `nextAllowedAt` is the next time that quiet hours allow contact.',
  UNAUTHENTICATED: 'The request has no API key, or the key is unknown, expired or revoked.',
  FORBIDDEN:
    'The key lacks a required scope or purpose, or pages from this origin are not allowed to call the API. ' +
    '`missingScopes` are the scopes that the key lacks.',
  RATE_LIMITED: 'Rate limit exceeded. Try again after `retryAfterMs` milliseconds.',
  QUERY_TOO_COMPLEX: 'The operation exceeds a limit on the size or cost of a request.',
  IDEMPOTENCY_MISMATCH:
    'The idempotency key was used for a different request within the last day. Nothing was written.',
  DOCUMENT_NOT_FOUND: 'The server does not know this `documentId`. Send the text of the document.',
  PERSISTED_QUERY_NOT_FOUND:
    'The server does not know this `extensions.persistedQuery` hash yet. Send the hash and the text once.',
  UNAVAILABLE: 'The database is unreachable or timed out. Try again.',
  INTERNAL: 'Internal error. The server log has the details.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

export type ErrorDetails = {
  /** Path into the input, outermost first. */
  field?: (string | number)[];
  /** ID of the conflicting object. */
  conflictingId?: string;
  /** Reason why an action is refused: one of `OrderActionRefusal`, `ContactReason` for a follow-up, or `NextActionBlock`. */
  refusal?: string;
  /** Next time contact is allowed, if quiet hours refuse it. */
  nextAllowedAt?: string;
  /** Scopes that the request requires and the key lacks. */
  missingScopes?: string[];
  /** Milliseconds to wait before the next attempt. */
  retryAfterMs?: number;
  /** Current version of the object. 0 if it does not exist. */
  currentVersion?: number;
  /** All problems, this error first. Set only if there are several. */
  problems?: Problem[];
};

/** One of several problems of an input. */
export type Problem = { code: ErrorCode; message: string; field: (string | number)[] };

/** A rejection that the caller sees unchanged. Any other error is unexpected and stays hidden. */
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

/** Error for a key without this scope. The sentence goes on with `use`, such as "which Query.orders requires". */
export function missingScope(scope: string, use: string, field?: (string | number)[]): DomainError {
  const details = { missingScopes: [scope], ...(field && { field }) };
  return new DomainError('FORBIDDEN', `This key lacks the scope ${scope}, ${use}.`, details);
}

/** Combines problems into one error with the message of the first. */
export function problemsError(problems: Problem[]): DomainError {
  const { code, message, field } = problems[0] ?? { code: 'INVALID_INPUT', message: 'Invalid value.', field: [] };
  return new DomainError(code, message, problems.length > 1 ? { field, problems } : { field });
}
