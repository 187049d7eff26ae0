import { ConfigError } from '../config.ts';
import { DomainError } from '../lib/errors.ts';

/** Ends the process with code 1: a sentence for what the user can mend, the whole error for what is our fault. */
export function fail(error: unknown): never {
  if (error instanceof DomainError || error instanceof ConfigError) console.error(`rapport: ${error.message}`);
  else if (hasCode(error, 'EADDRINUSE', 'EACCES'))
    console.error(`rapport: cannot listen there: ${error.message}. Set PORT or HOST.`);
  else if (hasCode(error, 'ECONNREFUSED', 'ENOTFOUND', '28P01', '3D000'))
    console.error(`rapport: the database cannot be reached: ${error.message}`);
  else console.error(error);
  process.exit(1);
}

function hasCode(error: unknown, ...codes: string[]): error is Error {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
