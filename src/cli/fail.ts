import { ConfigError } from '../config.ts';
import { DomainError } from '../lib/errors.ts';

/** Ends the process with code 1: a sentence for what the user can mend, the whole error for what is our fault. */
export function fail(error: unknown): never {
  if (error instanceof DomainError || error instanceof ConfigError) console.error(`rapport: ${error.message}`);
  else if (isUnreachable(error)) console.error(`rapport: the database cannot be reached: ${error.message}`);
  else console.error(error);
  process.exit(1);
}

function isUnreachable(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ECONNREFUSED', 'ENOTFOUND', '28P01', '3D000', 'EADDRINUSE'].includes(String(error.code))
  );
}
