import { GraphQLError } from 'graphql';
import { isUnavailable } from '../db/unavailable.ts';
import { DomainError, type ErrorCode, type ErrorDetails, errorCodes } from '../lib/errors.ts';
import { builder } from './builder.ts';

builder.enumType('ErrorCode', {
  description: 'What went wrong: `errors[].extensions.code` of an answer is always one of these.',
  values: Object.fromEntries(Object.entries(errorCodes).map(([code, description]) => [code, { description }])),
});

/** The whole error policy: what a caller may see of an error. Faults are handed to `report` and shown as INTERNAL. */
export function maskError(error: unknown, report: (fault: unknown) => void, hidesSuggestions = false): GraphQLError {
  const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  if (original instanceof DomainError) return refusal(original, error);
  // The document or its variables: graphql-js says which.
  if (original instanceof GraphQLError) {
    const said = (error instanceof GraphQLError ? error : original).message;
    const field = fieldIn(said);
    const message = withoutValues(hidesSuggestions ? said.replace(/ Did you mean .*\?$/s, '') : said);
    return coded(error, 'INVALID_INPUT', message, field && { field });
  }
  report(original);
  return isUnavailable(original)
    ? coded(error, 'UNAVAILABLE', 'The database cannot be reached, or it took too long. Try again.')
    : coded(error, 'INTERNAL', 'Something went wrong on our side.');
}

/** Whether an error refuses a request. Any other error is a fault. */
export function isRefusal(error: unknown): boolean {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  return cause instanceof DomainError || cause instanceof GraphQLError;
}

/** A refusal as it stands in an answer; `at` says where in the document it arose. */
export function refusal(error: DomainError, at: unknown = error): GraphQLError {
  return coded(at, error.code, error.message, error.details);
}

// What a client's own layers act upon; any other answer is 200 with its errors inside.
const statuses: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  QUERY_TOO_COMPLEX: 400,
  RATE_LIMITED: 429,
  DOCUMENT_NOT_FOUND: 404,
};

function coded(error: unknown, code: ErrorCode, message: string, details: ErrorDetails = {}): GraphQLError {
  const { nodes, path, source, positions, extensions } =
    error instanceof GraphQLError ? error : new GraphQLError(message);
  const cause = error instanceof GraphQLError ? error.originalError : error;
  const status = statuses[code];
  // What Yoga says of the request itself (405, 415 …) stays.
  const headers: Record<string, string> = details.retryAfterMs
    ? { 'retry-after': String(Math.ceil(details.retryAfterMs / 1_000)) }
    : {};
  const isRefusal = status !== undefined || cause instanceof DomainError;
  const http = isRefusal ? { status, spec: false, headers } : extensions.http;
  return new GraphQLError(message, {
    nodes,
    path,
    source,
    positions,
    // Whoever masks it once more finds the refusal again; it is not part of the answer.
    originalError: cause instanceof DomainError ? cause : null,
    extensions: { ...details, ...(http ? { http } : {}), code },
  });
}

// Where graphql-js says that a variable is wrong, it names the place: `… at "input.quietHours.from"; …`.
function fieldIn(message: string): (string | number)[] | undefined {
  const path = /^Variable "[^"]+" got invalid value .* at "([^"]+)"/s.exec(message)?.[1];
  const parts = path
    ?.split(/[.[\]]+/)
    .slice(1)
    .filter(Boolean);
  return parts?.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

// What graphql-js says of a value may quote it, and with it all that is beside it.
function withoutValues(message: string): string {
  return message
    .replace(/(cannot represent [\w -]+ value): .*$/s, '$1.')
    .replace(/Value ".*" does not exist in/s, 'The value does not exist in')
    .replace(/(Expected (?:value of )?type [^,]+), found (?!null\.$).*$/s, '$1.')
    .replace(/( at "[^"]+\.in\[\d+\]"; .* not to be null\.)$/s, '$1 To find what has no value, use `isNull: true`.')
    .replace(/(got invalid value) .*?((?: at "[\w.[\]]+")?; [^;]*)$/s, '$1$2');
}
