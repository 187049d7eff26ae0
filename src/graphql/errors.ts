import { GraphQLError } from 'graphql';
import { isUnavailable } from '../db/unavailable.ts';
import { DomainError, type ErrorCode, type ErrorDetails, errorCodes } from '../lib/errors.ts';
import { builder } from './builder.ts';

builder.enumType('ErrorCode', {
  description: 'Code of an error. `errors[].extensions.code` in a response is always one of these.',
  values: Object.fromEntries(Object.entries(errorCodes).map(([code, description]) => [code, { description }])),
});

/** Decides what a caller sees of an error. Unexpected errors go to `report` and appear as INTERNAL. */
export function maskError(error: unknown, report: (fault: unknown) => void, hidesSuggestions = false): GraphQLError {
  const original = originalOf(error);
  if (original instanceof DomainError) return coded(error, original.code, original.message, original.details);
  // The document or its variables are invalid, and graphql-js has reported why.
  if (original instanceof GraphQLError) {
    const said = (error instanceof GraphQLError ? error : original).message;
    const field = fieldIn(said);
    const message = withoutValues(hidesSuggestions ? said.replace(/ Did you mean .*\?$/s, '') : said);
    return coded(error, 'INVALID_INPUT', message, field && { field });
  }
  report(original);
  return isUnavailable(original)
    ? coded(error, 'UNAVAILABLE', 'The database is unreachable or timed out. Try again.')
    : coded(error, 'INTERNAL', 'Internal error. See the server log for the request ID in the `X-Request-Id` header.');
}

/** Whether an error is unexpected: neither a rejection nor an error that graphql-js reports. */
export function isFault(error: unknown): boolean {
  const original = originalOf(error);
  return !(original instanceof DomainError || original instanceof GraphQLError);
}

function originalOf(error: unknown): unknown {
  return error instanceof GraphQLError ? (error.originalError ?? error) : error;
}

function coded(error: unknown, code: ErrorCode, message: string, details: ErrorDetails = {}): GraphQLError {
  const { nodes, path, source, positions } = error instanceof GraphQLError ? error : new GraphQLError(message);
  return new GraphQLError(message, { nodes, path, source, positions, extensions: { ...details, code } });
}

// graphql-js names the path of an invalid variable: `… at "input.quietHours.from"; …`.
function fieldIn(message: string): (string | number)[] | undefined {
  const path = /^Variable "[^"]+" got invalid value .* at "([^"]+)"/s.exec(message)?.[1];
  const parts = path
    ?.split(/[.[\]]+/)
    .slice(1)
    .filter(Boolean);
  return parts?.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

// Messages of graphql-js may quote a value together with everything next to it.
function withoutValues(message: string): string {
  return message
    .replace(/(cannot represent [\w -]+ value): .*$/s, '$1.')
    .replace(/Value ".*" does not exist in/s, 'The value does not exist in')
    .replace(/(Expected (?:value of )?type [^,]+), found (?!null\.$).*$/s, '$1.')
    .replace(/( at "[^"]+\.in\[\d+\]"; .* not to be null\.)$/s, '$1 To find null values, use `isNull: true`.')
    .replace(/(got invalid value) .*?((?: at "[\w.[\]]+")?; [^;]*)$/s, '$1$2');
}
