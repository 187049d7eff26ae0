import { GraphQLError } from 'graphql';
import { Prisma } from '../db/generated/prisma/client.ts';
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
  // The document or its variables: graphql-js says which, and quotes nothing but the request.
  if (original instanceof GraphQLError) {
    const said = (error instanceof GraphQLError ? error : original).message;
    const message = hidesSuggestions ? said.replace(/ Did you mean .*\?$/s, '') : said;
    const field = fieldIn(message);
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

// Prisma: cannot reach, timed out, connection closed, too many connections, no connection or transaction in time; and what
// it passes on of the socket.
const unreachable = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037', 'EPIPE']);

// PostgreSQL: connection lost, too many connections, shutting down; a statement or lock took too long. Or of the socket.
const unavailable = /^(08...|53...|57P0[123]|57014|55P03|EPIPE)$/;

// pg, where it has no code to say so.
const lost = /ECONNREFUSED|ECONNRESET|EPIPE|Connection terminated|is not queryable|timeout exceeded/;

function isUnreachable(error: unknown): boolean {
  const sqlState = sqlStateOf(error);
  if (sqlState !== null) return unavailable.test(sqlState);
  if (error instanceof Prisma.PrismaClientKnownRequestError) return unreachable.has(error.code);
  return error instanceof Error && lost.test(error.message);
}
