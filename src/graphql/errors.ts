import { GraphQLError } from 'graphql';
import { Prisma } from '../db/generated/prisma/client.ts';
import { DomainError, type ErrorCode, errorCodes } from '../lib/errors.ts';
import { builder } from './builder.ts';

builder.enumType('ErrorCode', {
  description: 'What went wrong: `errors[].extensions.code` of an answer is always one of these.',
  values: Object.fromEntries(Object.entries(errorCodes).map(([code, description]) => [code, { description }])),
});

/** The whole error policy: what a caller may see of an error. Faults are handed to `report` and shown as INTERNAL. */
export function maskError(error: unknown, report: (fault: unknown) => void): GraphQLError {
  const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  if (original instanceof DomainError) return coded(error, original.code, original.message, original.details);
  // The document or its variables: graphql-js says which, and quotes nothing but the request.
  if (original instanceof GraphQLError) {
    const { message } = error instanceof GraphQLError ? error : original;
    return coded(error, 'INVALID_INPUT', message, { field: fieldIn(message) });
  }
  report(original);
  return isUnreachable(original)
    ? coded(error, 'UNAVAILABLE', 'The database cannot be reached or is too busy. Try again.')
    : coded(error, 'INTERNAL', 'Something went wrong on our side.');
}

function coded(error: unknown, code: ErrorCode, message: string, details: object = {}): GraphQLError {
  const { nodes, path, source, positions } = error instanceof GraphQLError ? error : new GraphQLError(message);
  const http = code === 'UNAUTHENTICATED' ? { http: { status: 401 } } : {};
  return new GraphQLError(message, { nodes, path, source, positions, extensions: { ...details, ...http, code } });
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

// Prisma: cannot reach, timed out, connection closed, too many connections, no connection or transaction in time.
const unreachable = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);

function isUnreachable(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientKnownRequestError) return unreachable.has(error.code);
  return error instanceof Error && /ECONNREFUSED|ECONNRESET|Connection terminated|timeout exceeded/.test(error.message);
}
