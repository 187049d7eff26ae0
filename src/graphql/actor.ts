import type { Author } from '../db/write/idempotency.ts';
import type { Context } from './context.ts';

// The audit log repeats the operation name for every row that a request reads or changes.
const maxOperationLength = 100;

/** Returns the author that the audit log records for a request. */
export function authorOf({ viewer, purpose, requestId }: Context, operation: string): Author {
  const { keyId, keyName } = viewer;
  return { keyId, keyName, operation: operation.slice(0, maxOperationLength), purpose, requestId };
}
