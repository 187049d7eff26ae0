import { z } from 'zod';
import { DomainError } from './errors.ts';

/** The version that whoever writes last saw; 0 where they saw nothing. */
export const expectedVersion = z.int().min(0, 'Must not be negative.').nullish();

/** CONFLICT unless what is stored is at the version that is expected. Null: any will do. */
export function checkVersion(expected: number | null | undefined, stored: { version: number } | null): void {
  const currentVersion = stored?.version ?? 0;
  if (expected === null || expected === undefined || expected === currentVersion) return;
  const message = stored ? `It has changed: it is at version ${currentVersion} by now.` : 'There is no such thing.';
  throw new DomainError('CONFLICT', message, { field: ['expectedVersion'], currentVersion });
}
