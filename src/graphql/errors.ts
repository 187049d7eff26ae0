import { GraphQLError } from 'graphql';
import { sqlStateOf } from '../db/sql-state.ts';
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
  return isUnreachable(original)
    ? coded(error, 'UNAVAILABLE', 'The database cannot be reached, or it took too long. Try again.')
    : coded(error, 'INTERNAL', 'Something went wrong on our side.');
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

// PostgreSQL: connection lost, too many connections, shutting down; a session, statement or lock took too long. Prisma: the
// same, or no connection or transaction in time. Node: what is wrong with a socket, or with the name of a host.
const unavailable =
  /^(08...|53...|57P0.|57014|55P03|25P0[34]|P1001|P1002|P1008|P1017|P2024|P2028|P2037|ECONN\w+|EPIPE|ETIMEDOUT|E(HOST|NET)UNREACH|ENOTFOUND|EAI_AGAIN)$/;

// pg, where it has no code to say so.
const lost = /Connection terminated|is not queryable|timeout exceeded|connect ENOENT/;

function isUnreachable(error: unknown): boolean {
  const code = sqlStateOf(error) ?? Object(error).code;
  return unavailable.test(String(code)) || (error instanceof Error && lost.test(error.message));
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
