import { describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { bestByLift, type RecountedPair, recountPairs as recount } from '../../test/co-purchases.ts';
import { runImport, writeLines } from '../../test/run-import.ts';
import type { Db } from '../db/database.ts';
import { onlineRetail } from '../import/formats/online-retail.ts';
import { mostPairs } from './best-pairs.ts';
import { countPairs, recountPairs } from './count-pairs.ts';

const api = await useApi();
const sample = 'sample/giftshop/online-retail-2010-12.csv.gz';
// Set it to the path of a longer extract of the data set to check that too.
const longer = process.env.ONLINE_RETAIL_FILE;
const keyOf = ({ productId, otherProductId }: RecountedPair) => `${productId} ${otherProductId}`;

// Returns the best pairs of each product. Those that are equally good as the last one may or may not be among them.
function bestOfEach(pairs: RecountedPair[]): { certain: RecountedPair[]; possible: Map<string, RecountedPair> } {
  const byProduct = new Map<string, RecountedPair[]>();
  for (const pair of pairs) {
    const ofProduct = byProduct.get(pair.productId) ?? [];
    byProduct.set(pair.productId, ofProduct);
    ofProduct.push(pair);
  }
  const certain: RecountedPair[] = [];
  const possible = new Map<string, RecountedPair>();
  for (const ofProduct of byProduct.values()) {
    const sorted = ofProduct.sort((one, other) => other.cosine - one.cosine);
    const last = sorted[Math.min(mostPairs, sorted.length) - 1]?.cosine ?? 0;
    for (const pair of sorted) if (pair.cosine >= last - 1e-12) possible.set(keyOf(pair), pair);
    certain.push(...sorted.filter(({ cosine }) => sorted.length <= mostPairs || cosine > last + 1e-12));
  }
  return { certain, possible };
}

async function check(db: Db, file: string, until: Date, windowDays: number): Promise<string[]> {
  await runImport(db, onlineRetail, [file]);
  const started = performance.now();
  const counted = await countPairs(db, { until, windowDays });
  const seconds = (performance.now() - started) / 1000;

  const { orders, pairs } = await recount(db, new Date(until.getTime() - windowDays * 86_400_000), until);
  const { certain, possible } = bestOfEach(pairs);
  const stored = await db.productPair.findMany();
  expect(counted).toMatchObject({ orders, windowDays, pairs: stored.length });
  const keys = new Set(stored.map(keyOf));
  expect(certain.filter((pair) => !keys.has(keyOf(pair)))).toEqual([]);
  for (const { latestOrderIds, workspaceId, ...pair } of stored) {
    const expected = possible.get(keyOf(pair));
    expect(pair.orders).toBe(expected?.orders);
    for (const measure of ['support', 'confidence', 'lift', 'cosine'] as const)
      expect(pair[measure] / (expected?.[measure] ?? 0)).toBeCloseTo(1, 12);
    expect([latestOrderIds.length, workspaceId]).toEqual([Math.min(5, pair.orders), db.workspaceId]);
  }

  const [best, expected] = [bestByLift(stored), bestByLift(pairs)];
  expect(best.map(({ orders, lift }) => [orders, lift.toFixed(9)])).toEqual(
    expected.map(({ orders, lift }) => [orders, lift.toFixed(9)]),
  );
  expect(best.map(keyOf).sort()).toEqual(expected.map(keyOf).sort());
  const products = await db.product.findMany({ select: { id: true, externalId: true } });
  const codes = new Map(products.map(({ id, externalId }) => [id, externalId]));
  return [
    `${orders} orders, ${counted.products} products, ${stored.length} pairs in ${seconds.toFixed(1)} s`,
    ...best.map(
      ({ productId, otherProductId, ...pair }) =>
        `${codes.get(productId)} + ${codes.get(otherProductId)}: ${pair.orders} orders, support ${pair.support.toFixed(4)}, lift ${pair.lift.toFixed(3)}`,
    ),
  ];
}

describe('pairs of products', () => {
  it('equal a recount, order by order, of the online-retail sample', { timeout: 120_000 }, async () => {
    const { db } = await api.tenant('giftshop');

    const found = await check(db, sample, new Date('2010-12-06T00:00:00Z'), 5);

    expect(found).toHaveLength(21);
  });

  // Too long for every run.
  if (longer !== undefined)
    it('equal a recount of a longer extract', { timeout: 900_000 }, async () => {
      const { db } = await api.tenant('longer');

      const found = await check(db, longer, new Date('2011-09-01T00:00:00Z'), 365);

      console.info(found.join('\n'));
      expect(found).toHaveLength(21);
    });
});

describe('a count', async () => {
  const { db } = await api.tenant('shop');
  const order = (id: number, placedAt: string, products: string[], more: object = {}) => ({
    type: 'order',
    key: { externalId: `o${id}` },
    placedAt,
    currencyCode: 'PLN',
    lines: products.map((externalId) => ({ product: { externalId }, quantity: 1, unitPrice: '10' })),
    ...more,
  });
  const until = new Date('2026-07-01T00:00:00Z');
  const products = ['tea', 'cup', 'pot'].map((externalId) => ({
    type: 'product',
    key: { externalId },
    title: externalId,
  }));
  const titles = async () => {
    const named = new Map((await db.product.findMany()).map(({ id, title }) => [id, title]));
    const pairs = await db.productPair.findMany();
    return pairs
      .map(({ productId, otherProductId, orders }) => [named.get(productId), named.get(otherProductId), orders])
      .sort();
  };
  await writeLines(
    db,
    [
      ...products,
      ...[1, 2, 3].map((id) => order(id, `2026-06-0${id}T10:00:00Z`, ['tea', 'cup'])),
      // The same product twice in one order counts once.
      order(4, '2026-05-01T10:00:00Z', ['tea', 'tea', 'pot']),
      order(5, '2026-05-02T10:00:00Z', ['tea', 'pot']),
      order(6, '2026-05-03T10:00:00Z', ['tea', 'pot'], { status: 'CANCELED' }),
      order(7, '2024-05-03T10:00:00Z', ['tea', 'pot']),
      order(8, '2026-07-03T10:00:00Z', ['tea', 'pot']),
    ],
    'test',
  );

  it('leaves out rare pairs, orders that do not count, and those outside of the window', async () => {
    const counted = await countPairs(db, { until });

    expect(counted).toMatchObject({ orders: 5, products: 3, pairs: 2 });
    expect(await titles()).toEqual([
      ['cup', 'tea', 3],
      ['tea', 'cup', 3],
    ]);
  });

  it('keeps its window, and replaces the pairs', async () => {
    await countPairs(db, { until, windowDays: 1_000 });
    await recountPairs(db, until);

    expect(await titles()).toEqual([
      ['cup', 'tea', 3],
      ['pot', 'tea', 3],
      ['tea', 'cup', 3],
      ['tea', 'pot', 3],
    ]);
    expect(await db.coPurchaseRun.findMany()).toMatchObject([{ status: 'COUNTED', windowDays: 1_000, orders: 6 }]);
    await countPairs(db, { until: new Date('2020-01-01T00:00:00Z') });
    expect(await titles()).toEqual([]);
  });

  it('takes only the latest orders if there are too many', async () => {
    const counted = await countPairs(db, { until, mostOrders: 3 });

    expect(counted).toMatchObject({ orders: 3, products: 2, pairs: 2 });
    expect(await titles()).toEqual([
      ['cup', 'tea', 3],
      ['tea', 'cup', 3],
    ]);
  });

  it('does not start while another one is running, and is due every day', async () => {
    const isDueAfter = async (days: number) => {
      const { rows } = await api.database.pool.query<{ workspaceId: string; jobs: string[] }>(
        'SELECT * FROM rapport_due_jobs($1)',
        [new Date(Date.now() + days * 86_400_000)],
      );
      return rows.some(({ workspaceId, jobs }) => workspaceId === db.workspaceId && jobs.includes('productPairs'));
    };

    await db.coPurchaseRun.updateMany({ data: { status: 'RUNNING', startedAt: new Date() } });
    await expect(countPairs(db, { until })).rejects.toMatchObject({ code: 'CONFLICT' });
    await db.coPurchaseRun.updateMany({ data: { status: 'FAILED' } });
    await countPairs(db, { until });

    expect([await isDueAfter(0.9), await isDueAfter(1.1)]).toEqual([false, true]);
  });
});
