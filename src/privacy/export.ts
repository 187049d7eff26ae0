import { type CustomerKeyInput, resolveBuyer } from '../customers/identity/keys.ts';
import type { Db } from '../db/database.ts';
import { documentOf } from './export-document.ts';
import { exportedRelations } from './exported-relations.ts';

/**
 * Exports one customer as a JSON document. IDs have the format of the API, times are in UTC, and amounts are strings.
 */
export async function exportCustomer(db: Db, key: CustomerKeyInput): Promise<{ id: string; document: unknown }> {
  const id = await resolveBuyer(db, key, 'by');
  const where = { workspaceId_id: { workspaceId: db.workspaceId, id } };
  const include = { ...exportedRelations('Customer'), pastStates: true } as const;
  const { pastStates, ...customer } = await db.customer.findUniqueOrThrow({ where, include });
  const past = pastStates.map(({ entity, since, until, state }) => ({
    ...documentOf('PastState', { entity, since, until }),
    state: documentOf(entity, state as object),
  }));
  const document = { ...documentOf('Customer', customer), pastStates: past };
  return { id, document: { exportedAt: new Date().toISOString(), customer: document } };
}
