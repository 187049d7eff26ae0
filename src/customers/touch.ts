import type { Tx } from '../db/database.ts';
import { searchTextOf } from './search/search.ts';

/** Marks a customer as changed and updates the text that searches read. */
export async function touch(tx: Tx, id: string): Promise<void> {
  const where = { workspaceId_id: { workspaceId: tx.workspaceId, id } };
  const { displayName, givenName, familyName, shortName, contactPoints } = await tx.customer.findUniqueOrThrow({
    where,
    include: { contactPoints: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
  });
  const contacts = contactPoints.map(({ normalizedValue }) => normalizedValue);
  const searchText = searchTextOf([displayName, givenName, familyName, shortName], contacts);
  await tx.customer.update({ where, data: { searchText, updatedAt: new Date() } });
}
