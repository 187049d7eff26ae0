import { inspect } from 'node:util';
import { ConfigError } from '../config.ts';
import { isDiskFull } from '../db/disk-space.ts';
import { DomainError } from '../lib/errors.ts';
import { printableLines } from './printable.ts';

/** Ends the process with code 1: a sentence for what the user can mend, the whole error for what is our fault. */
export function fail(error: unknown): never {
  console.error(printableLines(said(error)));
  process.exit(1);
}

function said(error: unknown): string {
  if (error instanceof DomainError || error instanceof ConfigError) return `rapport: ${error.message}`;
  if (hasCode(error, 'EADDRINUSE', 'EACCES'))
    return `rapport: cannot listen there: ${error.message}. Set PORT or HOST.`;
  if (isDiskFull(error)) return 'rapport: the disk of the database is full. Free some space and try again.';
  if (hasCode(error, 'ECONNREFUSED', 'ENOTFOUND', '28P01', '3D000'))
    return `rapport: the database cannot be reached: ${error.message}`;
  return inspect(error);
}

function hasCode(error: unknown, ...codes: string[]): error is Error {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
