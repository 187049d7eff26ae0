import { erasedError } from '../customers/identity/erased-keys.ts';
import type { Tx } from '../db/database.ts';
import { type EntityKey, findEntities } from '../db/entity-keys.ts';
import type { NextActionModel } from '../db/generated/prisma/models.ts';
import { lockRows } from '../db/write/transact.ts';
import { DomainError } from '../lib/errors.ts';

/** Reads a gesture for a change, and locks its customer, so that the costs of one customer are added one at a time. */
export async function readNextAction(tx: Tx, key: EntityKey): Promise<NextActionModel | null> {
  const { workspaceId } = tx;
  const [id] = await findEntities(tx, 'NextAction', [key]);
  if (!id) return null;
  const where = { workspaceId_id: { workspaceId, id } };
  const found = await tx.nextAction.findUnique({ where, select: { customerId: true } });
  if (!found) return null;
  await lockRows(tx, 'Customer', [found.customerId]);
  await lockRows(tx, 'NextAction', [id]);
  const stored = await tx.nextAction.findUnique({ where, include: { customer: { select: { status: true } } } });
  // A gesture toward a customer who is being erased may still exist. It must not be changed.
  if (stored?.customer.status === 'ERASED') throw erasedError('key');
  return stored;
}

export function noNextAction(): DomainError {
  return new DomainError('NOT_FOUND', 'No next action has this key. Check the ID or external ID.', { field: ['key'] });
}
