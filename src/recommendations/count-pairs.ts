import type { Db } from '../db/database.ts';
import { firstId, lastId } from '../db/write/batches.ts';
import { bulkOf } from '../db/write/bulk.ts';
import { runningError, runOnce } from '../db/write/run-once.ts';
import { transactBySql } from '../db/write/transact.ts';
import { eventLoopYielder } from '../lib/event-loop.ts';
import { latestOf, readBaskets } from './baskets.ts';
import { type Pair, PairCounter } from './best-pairs.ts';

/**
 * Most orders that count: the latest of the window. They take about 50 MB of memory with three products each, and more
 * orders would hardly change a measure.
 */
const mostCounted = 1_000_000;

/** Days of orders that count, unless an earlier count has set another window. */
const defaultWindowDays = 365;

const pairsPerPage = 1_000;

export type CountOptions = {
  until: Date;
  windowDays?: number | undefined;
  /** Most orders that count: the latest of the window. */
  mostOrders?: number;
  /** Whether somebody waits for the result. Otherwise, the count leaves half of the processor to others. */
  isAwaited?: boolean;
  signal?: AbortSignal | undefined;
};

export type CountedPairs = {
  until: Date;
  windowDays: number;
  /** Number of orders with a product within the window. */
  orders: number;
  products: number;
  pairs: number;
};

/** Counts which products are bought together, and replaces the earlier count. Fails while another count is running. */
export async function countPairs(db: Db, options: CountOptions): Promise<CountedPairs> {
  const outcome = await countOnce(db, options);
  if (outcome === null) throw runningError('count');
  return outcome.counted;
}

/** Counts pairs for the scheduled job, which does nothing while another count is running. */
export async function recountPairs(
  db: Db,
  until: Date,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  await countOnce(db, { until, isAwaited: false, signal });
}

function countOnce(db: Db, options: CountOptions) {
  return runOnce(db, { table: 'CoPurchaseRun', key: {} }, async () => ({
    status: 'COUNTED',
    counted: await count(db, options),
  }));
}

async function count(db: Db, options: CountOptions): Promise<CountedPairs> {
  const { until, windowDays: given, mostOrders = mostCounted, isAwaited = true, signal } = options;
  const { workspaceId } = db;
  const run = await db.coPurchaseRun.findUnique({ where: { workspaceId } });
  const windowDays = given ?? run?.windowDays ?? defaultWindowDays;
  const window = { since: new Date(until.getTime() - windowDays * 86_400_000), until };
  const pace = { signal, yieldToEventLoop: eventLoopYielder(() => isAwaited) };
  const baskets = await readBaskets(db, await latestOf(db, window, mostOrders), pace);

  const { orders, productIds } = baskets;
  const counter = new PairCounter(baskets, pace);
  let [after, pairs, page] = [firstId, 0, [] as Pair[]];
  for (const [id, product] of productIds.map((id, i) => [id, i] as const).sort()) {
    page.push(...(await counter.bestPairs(product)));
    if (page.length < pairsPerPage) continue;
    signal?.throwIfAborted();
    await replace(db, after, id, page);
    pairs += page.length;
    [after, page] = [id, []];
  }
  await replace(db, after, lastId, page);
  pairs += page.length;

  const counted = { windowDays, countedUntil: until, orders };
  await db.coPurchaseRun.update({ where: { workspaceId }, data: counted });
  return { until, windowDays, orders, products: productIds.length, pairs };
}

// Replaces the pairs of the products after one and up to another, so that readers see either count of a product.
function replace(db: Db, after: string, last: string, pairs: Pair[]): Promise<unknown> {
  const text = `DELETE FROM "ProductPair" WHERE "workspaceId" = $1::uuid AND "productId" > $2::uuid AND "productId" <= $3::uuid`;
  return transactBySql(db, async (tx) => {
    const bulk = await bulkOf(tx);
    const remove = { text, values: [db.workspaceId, after, last] };
    await tx.sendAll([remove, ...bulk.insert('ProductPair', pairs)]);
  });
}
