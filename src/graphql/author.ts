import type { Author } from '../db/journal.ts';
import type { Context } from './context.ts';

// Every row that a request reads or changes repeats the name of its operation in the audit log.
const maxOperationLength = 100;

/** In whose name a request reads or writes. */
export function authorOf({ viewer, purpose, requestId }: Context, operation: string): Author {
  const { keyId, keyName } = viewer;
  return { keyId, keyName, operation: operation.slice(0, maxOperationLength), purpose, requestId };
}
