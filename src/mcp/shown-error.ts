import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { DomainError } from '../lib/errors.ts';
import { ToolError } from './ask.ts';

type Report = (fault: unknown) => void;

/** All that a client sees of an unexpected error. */
export const internalError = 'Internal error. See the server log.';

/** Returns what the client sees of an error. Reports an unexpected one, whose text stays in the server log. */
export function shownError(error: unknown, report: Report): ToolError {
  if (error instanceof ToolError) return error;
  if (error instanceof DomainError) return new ToolError(error.code, error.message);
  report(error);
  return new ToolError('INTERNAL', internalError);
}

/** Makes a handler throw only protocol errors. */
export function guarded<Args extends unknown[], Result>(
  handler: (...args: Args) => Result | Promise<Result>,
  report: Report,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await handler(...args);
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      const { code, message } = shownError(error, report);
      if (code === 'INTERNAL') throw new ProtocolError(ProtocolErrorCode.InternalError, message);
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${code}: ${message}`);
    }
  };
}
