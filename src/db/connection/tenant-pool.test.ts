import { expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { transact } from '../write/transact.ts';

const api = await useApi();

it('plans only the statements for their values that ask for it, on any connection', async () => {
  const { db } = await api.tenant('shop');
  const text = `SELECT current_setting('plan_cache_mode') AS mode`;
  const asked = Array.from({ length: 40 }, (_, i) => i % 3 === 0);

  const modes = await Promise.all(
    asked.map(async (isPlannedForValues) => (await db.read({ text, values: [], isPlannedForValues }))[0]?.mode),
  );
  const inTransaction = await transact(db, (tx) => tx.query({ text, values: [] }));

  expect(modes).toEqual(asked.map((is) => (is ? 'force_custom_plan' : 'force_generic_plan')));
  expect(inTransaction).toEqual([{ mode: 'force_generic_plan' }]);
});
