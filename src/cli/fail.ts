import { inspect } from 'node:util';
import { isDiskFull } from '../db/connection/disk-space.ts';
import { DomainError } from '../lib/errors.ts';
import { ConfigError } from './config.ts';
import { printableLines } from './printable.ts';

/** Exits with code 1. Prints a sentence for an error that the user can fix, and the full error for a bug. */
export function fail(error: unknown): never {
  console.error(printableLines(said(error)));
  process.exit(1);
}

function said(error: unknown): string {
  if (error instanceof DomainError || error instanceof ConfigError) return `rapport: ${error.message}`;
  if (hasCode(error, 'EADDRINUSE', 'EACCES'))
    return `rapport: cannot listen on this address: ${error.message}. Set PORT or HOST.`;
  if (isDiskFull(error)) return 'rapport: the database disk is full. Free some space and try again.';
  if (hasCode(error, 'ECONNREFUSED', 'ENOTFOUND', '28P01', '3D000'))
    return `rapport: cannot connect to the database: ${error.message}`;
  return inspect(error);
}

function hasCode(error: unknown, ...codes: string[]): error is Error {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
