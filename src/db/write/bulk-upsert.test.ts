import { expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import type { Tx } from '../database.ts';
import { bulkUpsert } from './bulk-upsert.ts';
import { transact } from './transact.ts';

const { db } = await (await useApi()).tenant('shop');

it('reports why a read failed, even in the first write of a process, without an unhandled rejection', async () => {
  const { write } = bulkUpsert({
    identify: async (_tx, items: string[]) => items.map((input) => ({ input, keys: [] })),
    read: (tx: Tx) => tx.query({ text: 'SELECT 1 / 0', values: [] }),
    plan: () => ({ id: 'never', outcome: 'NOOP' as const }),
    write: () => [],
  });

  await expect(transact(db, (tx) => write(tx, ['a']))).rejects.toThrow('division by zero');
});
