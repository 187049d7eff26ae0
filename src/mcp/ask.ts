import type { ErrorCode, ErrorDetails } from '../lib/errors.ts';

/** What a tool states along with an operation. */
export type AskOptions = {
  purpose?: string | undefined;
  /** How the customer proved who they are. */
  identityProof?: string | undefined;
  idempotencyKey?: string | undefined;
  /** Whether mutations write nothing, and only return what they would do. */
  isDryRun?: boolean;
};

/** Runs an operation of the API with the caller's key. Returns its data. Throws a `ToolError` if it has any error. */
export type Ask = <Data>(document: string, variables: object, options?: AskOptions) => Promise<Data>;

type ToolErrorDetails = Pick<
  ErrorDetails,
  'field' | 'missingScopes' | 'retryAfterMs' | 'currentVersion' | 'refusal' | 'nextAllowedAt'
> & {
  /** All reasons why an action is refused, and the actions that are allowed instead. */
  refusals?: string[];
  allowedActions?: string[];
};

/** A failure that the model sees as the result of a tool, so that it can act on it. */
export class ToolError extends Error {
  readonly code: ErrorCode;
  readonly details: ToolErrorDetails;

  constructor(code: ErrorCode, message: string, details: ToolErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Scopes that the key lacks for a call. Undefined if the call failed for another reason. */
export function missingScopesOf(error: unknown): string[] | undefined {
  return error instanceof ToolError ? error.details.missingScopes : undefined;
}
