import { countedSql } from '../db/counted-orders.ts';
import type { Db } from '../db/database.ts';
import type { Statement } from '../db/statements.ts';
import { firstId, idRanges, lastId } from '../db/write/batches.ts';
import { runningError, runOnce } from '../db/write/run-once.ts';
import { transactBySql } from '../db/write/transact.ts';

/** Fewest orders that make two products a pair. */
export const fewestOrders = 3;

/** Most pairs of a product that are stored: those with the highest cosine. */
export const mostPairs = 20;

/** Days of orders that count, unless an earlier count has set another window. */
const defaultWindowDays = 365;

const productsPerPage = 1_000;
const ordersPerPage = 5_000;

export type CountOptions = { until: Date; windowDays?: number | undefined; signal?: AbortSignal | undefined };

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
  await countOnce(db, { until, signal });
}

function countOnce(db: Db, options: CountOptions) {
  return runOnce(db, { table: 'CoPurchaseRun', key: {} }, async () => ({
    status: 'COUNTED',
    counted: await count(db, options),
  }));
}

async function count(db: Db, { until, windowDays: given, signal }: CountOptions): Promise<CountedPairs> {
  const { workspaceId } = db;
  const run = await db.coPurchaseRun.findUnique({ where: { workspaceId } });
  const windowDays = given ?? run?.windowDays ?? defaultWindowDays;
  const window = [new Date(until.getTime() - windowDays * 86_400_000), until];
  const [all] = await db.query<{ orders: number }>({ text: ordersSql, values: [workspaceId, ...window] });
  const orders = all?.orders ?? 0;

  const products = { table: 'Product', column: 'id' };
  for await (const [after, last] of idRanges(db, products, { batchSize: productsPerPage, signal }))
    await replace(db, 'ProductOrderCount', after, last, { text: countProducts, values: window });

  const sold = await db.query<{ productId: string; orders: number }>({ text: counts, values: [workspaceId] });
  for (const [after, last] of pagesOf(sold)) {
    signal?.throwIfAborted();
    await replace(db, 'ProductPair', after, last, { text: countProductPairs, values: [...window, orders] });
  }

  const pairs = await db.productPair.count({ where: { workspaceId } });
  const counted = { windowDays, countedUntil: until, orders };
  await db.coPurchaseRun.update({ where: { workspaceId }, data: counted });
  return { until, windowDays, orders, products: sold.length, pairs };
}

// Replaces the rows of the products after one and up to another, so that readers see either count of a product.
function replace(db: Db, table: string, after: string, last: string, { text, values }: Statement): Promise<unknown> {
  const range = [db.workspaceId, after, last];
  const remove = `DELETE FROM "${table}" WHERE "workspaceId" = $1::uuid AND "productId" > $2::uuid AND "productId" <= $3::uuid`;
  return transactBySql(db, (tx) =>
    tx.sendAll([
      { text: remove, values: range },
      { text, values: [...range, ...values] },
    ]),
  );
}

// Splits the products into ranges of their IDs with about the same number of orders, so that no statement takes long.
function* pagesOf(sold: { productId: string; orders: number }[]): Generator<[after: string, last: string]> {
  let [after, orders] = [firstId, 0];
  for (const product of sold) {
    orders += product.orders;
    if (orders < ordersPerPage) continue;
    yield [after, product.productId];
    [after, orders] = [product.productId, 0];
  }
  yield [after, lastId];
}

/** SQL condition on orders of the window. Its parameters are the start and the end of the window. */
const within = (since: string, until: string) =>
  `o."workspaceId" = $1::uuid AND o."placedAt" > ${since}::timestamptz AND o."placedAt" <= ${until}::timestamptz AND ${countedSql('o')}`;

const ordersSql = `SELECT count(*)::integer AS "orders" FROM "Order" o WHERE ${within('$2', '$3')} AND EXISTS (
  SELECT 1 FROM "OrderLine" l WHERE l."workspaceId" = $1::uuid AND l."orderId" = o."id" AND l."productId" IS NOT NULL)`;

const countProducts = `INSERT INTO "ProductOrderCount" ("workspaceId", "productId", "orders")
  SELECT $1::uuid, l."productId", count(DISTINCT l."orderId")::integer
  FROM "OrderLine" l JOIN "Order" o ON o."workspaceId" = $1::uuid AND o."id" = l."orderId"
  WHERE l."workspaceId" = $1::uuid AND l."productId" > $2::uuid AND l."productId" <= $3::uuid AND ${within('$4', '$5')}
  GROUP BY l."productId"`;

const counts = `SELECT "productId", "orders" FROM "ProductOrderCount" WHERE "workspaceId" = $1::uuid ORDER BY "productId"`;

// Looks up one row at a time, so that the plan does not depend on statistics of a table that was just filled.
const ordersWith = (productId: string) => `SELECT c."orders" FROM "ProductOrderCount" c
      WHERE c."workspaceId" = $1::uuid AND c."productId" = ${productId} LIMIT 1`;

const countProductPairs = `
  WITH basket AS MATERIALIZED (
    SELECT DISTINCT l."productId", o."id" AS "orderId", o."placedAt" FROM "ProductOrderCount" n
    JOIN "OrderLine" l ON l."workspaceId" = $1::uuid AND l."productId" = n."productId"
    JOIN "Order" o ON o."workspaceId" = $1::uuid AND o."id" = l."orderId"
    WHERE n."workspaceId" = $1::uuid AND n."productId" > $2::uuid AND n."productId" <= $3::uuid
      AND n."orders" >= ${fewestOrders} AND ${within('$4', '$5')}
  ), sold AS (
    SELECT b."productId", other."productId" AS "otherProductId", b."orderId", b."placedAt" FROM basket b CROSS JOIN LATERAL (
      SELECT DISTINCT l."productId" FROM "OrderLine" l
      WHERE l."workspaceId" = $1::uuid AND l."orderId" = b."orderId" AND l."productId" <> b."productId") other
  ), together AS (
    SELECT "productId", "otherProductId", count(*)::integer AS "orders",
      (array_agg("orderId" ORDER BY "placedAt" DESC, "orderId" DESC))[1:5] AS "latestOrderIds"
    FROM sold GROUP BY "productId", "otherProductId" HAVING count(*) >= ${fewestOrders}
  ), measured AS (
    SELECT t.*, t."orders" / $6::float8 AS "support", t."orders" / n."orders"::float8 AS "confidence",
      t."orders" * $6::float8 / (n."orders"::float8 * m."orders") AS "lift",
      t."orders" / sqrt(n."orders"::float8 * m."orders") AS "cosine"
    FROM together t CROSS JOIN LATERAL (${ordersWith('t."productId"')}) n CROSS JOIN LATERAL (${ordersWith('t."otherProductId"')}) m
  )
  INSERT INTO "ProductPair" ("workspaceId", "productId", "otherProductId", "orders", "support", "confidence", "lift", "cosine", "latestOrderIds")
  SELECT $1::uuid, "productId", "otherProductId", "orders", "support", "confidence", "lift", "cosine", "latestOrderIds" FROM (
    SELECT *, row_number() OVER (PARTITION BY "productId" ORDER BY "cosine" DESC, "otherProductId") AS place FROM measured) best
  WHERE place <= ${mostPairs}`;
