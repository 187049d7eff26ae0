import { sortKey } from '../../lib/text/sort-key.ts';
import type { Db } from '../database.ts';
import { bulkOf } from './bulk.ts';
import { transact } from './transact.ts';

const batchSize = 1_000;

/**
 * For upgrades: computes the sort keys that the migration leaves empty because the names contain non-ASCII characters.
 */
export async function fillSortNames(db: Db, model: 'Product' | 'Location', column: 'title' | 'name'): Promise<void> {
  const text = `SELECT "id", "${column}" AS name FROM "${model}" WHERE "workspaceId" = $1::uuid AND "sortName" = '' LIMIT ${batchSize}`;
  let filled = batchSize;
  while (filled === batchSize) {
    filled = await transact(db, async (tx) => {
      const rows = await tx.query<{ id: string; name: string }>({ text, values: [tx.workspaceId] });
      const named = rows.map(({ id, name }) => ({ id, sortName: sortKey(name) }));
      await tx.sendAll((await bulkOf(tx)).update(model, named));
      return rows.length;
    });
  }
}
