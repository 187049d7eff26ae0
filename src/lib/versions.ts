import * as z from 'zod';
import { DomainError } from './errors.ts';

/** Version that the caller last read. 0 if the object must not exist yet. */
export const expectedVersion = z.int().min(0, 'Must not be negative.').nullish();

/** Throws CONFLICT unless the stored object has the expected version. Null accepts any version. */
export function checkVersion(expected: number | null | undefined, stored: { version: number } | null): void {
  const currentVersion = stored?.version ?? 0;
  if (expected === null || expected === undefined || expected === currentVersion) return;
  const message = stored
    ? `The object has changed and is now at version ${currentVersion}. Read it again before you write.`
    : 'The object does not exist. Omit `expectedVersion` or send 0 to create it.';
  throw new DomainError('CONFLICT', message, { field: ['expectedVersion'], currentVersion });
}
