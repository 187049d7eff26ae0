import type { Db } from '../db/database.ts';
import { fillSortNames } from '../db/write/sort-names.ts';
import { transact } from '../db/write/transact.ts';
import { distinctLabels } from '../lib/text/fold.ts';

const batchSize = 1_000;

/** Fills the sort keys of products, and merges tags that differ only in case or Unicode normalization. */
export async function upgradeProducts(db: Db): Promise<void> {
  await fillSortNames(db, 'Product', 'title');
  let after: string | undefined = '00000000-0000-0000-0000-000000000000';
  while (after) {
    const from: string = after;
    after = await transact(db, async (tx) => {
      const text = `SELECT "id", "tags" FROM "Product"
        WHERE "workspaceId" = $1::uuid AND "id" > $2::uuid AND cardinality("tags") > 1 ORDER BY "id" LIMIT ${batchSize}`;
      const products = await tx.query<{ id: string; tags: string[] }>({ text, values: [tx.workspaceId, from] });
      await tx.sendAll(
        products.flatMap(({ id, tags }) => {
          const distinct = distinctLabels(tags);
          if (distinct.length === tags.length) return [];
          const update = `UPDATE "Product" SET "tags" = $3::text[] WHERE "workspaceId" = $1::uuid AND "id" = $2::uuid`;
          return [{ text: update, values: [tx.workspaceId, id, distinct] }];
        }),
      );
      return products.at(-1)?.id;
    });
  }
}
