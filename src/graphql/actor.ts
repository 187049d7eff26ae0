import type { Actor } from '../db/write/actor.ts';
import type { Context } from './context.ts';

// The audit log repeats the operation name for every row that a request reads or changes.
const maxOperationLength = 100;

/** Returns the actor that the audit log records for a request. */
export function actorOf({ viewer, purpose, requestId, identityProof }: Context, operation: string): Actor {
  const { keyId, keyName } = viewer;
  return { keyId, keyName, operation: operation.slice(0, maxOperationLength), purpose, requestId, identityProof };
}
