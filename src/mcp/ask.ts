import type { ErrorCode } from '../lib/errors.ts';

/** What a tool states along with an operation. */
export type AskOptions = { purpose?: string | undefined; idempotencyKey?: string | undefined };

/** Runs an operation of the API with the caller's key. Returns its data. Throws a `ToolError` if it has any error. */
export type Ask = <Data>(document: string, variables: object, options?: AskOptions) => Promise<Data>;

/** A failure that the model sees as the result of a tool, so that it can act on it. */
export class ToolError extends Error {
  readonly code: ErrorCode;
  readonly details: { field?: (string | number)[]; retryAfterMs?: number };

  constructor(code: ErrorCode, message: string, details: ToolError['details'] = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
