import { countedSql } from '../db/counted-orders.ts';
import { workspace } from '../db/statements.ts';
import { encodeId } from '../lib/ids.ts';
import { type Availability, availabilitySql } from './availability.ts';
import { mostPairs } from './best-pairs.ts';

/** Most products that a customer gets recommended, and most purchases that explain one. */
export const mostRecommendations = 10;
export const mostReasons = 3;

// The latest purchases of a customer that recommendations start from.
const latestPurchases = 50;

type Measures = {
  orders: number;
  support: number;
  confidence: number;
  lift: number;
  cosine: number;
  latestOrderIds: string[];
};

type PairedProduct = { productId: string; title: string } & Measures;

/** A product that is bought together with another one. */
export type BoughtTogether = PairedProduct & { availability: Availability };

/** A purchase of the customer that a recommendation is based on. */
export type Reason = PairedProduct & { orderId: string | null };

export type Recommendation = {
  productId: string;
  title: string;
  availability: Availability;
  score: number;
  reasons: Reason[];
};

// Rows have aliases that no column has: a column of an outer query would hide them.
const measures = 'x."orders", x."support", x."confidence", x."lift", x."cosine", x."latestOrderIds"';

// Null until the orders of the workspace are counted.
const ifCounted = (value: string) =>
  `CASE WHEN EXISTS (SELECT 1 FROM "CoPurchaseRun" u WHERE u."workspaceId" = ${workspace} AND u."countedUntil" IS NOT NULL) THEN ${value} END`;

const available = (product: string) => `${availabilitySql(product)} <> 'UNAVAILABLE'`;

/** SQL for the products that are bought together with a product, best first, as JSON. Takes SQL for the product's ID. */
export function boughtTogetherSql(productId: string): string {
  return ifCounted(`(SELECT coalesce(json_agg("pairRow"), '[]') FROM (
    SELECT q."id" AS "productId", q."title", ${availabilitySql('q')} AS "availability", ${measures}
    FROM "ProductPair" x JOIN "Product" q ON q."workspaceId" = ${workspace} AND q."id" = x."otherProductId"
    WHERE x."workspaceId" = ${workspace} AND x."productId" = ${productId} AND ${available('q')}
    ORDER BY x."cosine" DESC, x."otherProductId") "pairRow")`);
}

/**
 * SQL for the products to recommend to a customer, best first, as JSON. Takes SQL for the customer's ID. Leaves out what
 * the customer has ever bought, because no data says whether they need another one, and what cannot be bought.
 */
export function recommendationsSql(customerId: string): string {
  const ofCustomer = (alias: string) =>
    `${alias}."workspaceId" = ${workspace} AND ${alias}."customerId" = ${customerId}`;
  const bought = `(SELECT w."productId" FROM "PurchasedProduct" w WHERE ${ofCustomer('w')}
    ORDER BY w."lastBoughtAt" DESC, w."productId" LIMIT ${latestPurchases})`;
  // No product has more pairs. The limit makes the planner look them up by product, even without statistics of the table.
  const pairs = `SELECT y.* FROM ${bought} b CROSS JOIN LATERAL (SELECT * FROM "ProductPair" x
    WHERE x."workspaceId" = ${workspace} AND x."productId" = b."productId" LIMIT ${mostPairs}) y`;
  const owned = `SELECT 1 FROM "PurchasedProduct" o WHERE ${ofCustomer('o')} AND o."productId" = x."otherProductId"`;
  // The last digit of a sum depends on its order, which would otherwise depend on the plan.
  const candidates = `(SELECT x."otherProductId", sum(x."cosine" ORDER BY x."cosine") AS "score" FROM "pairsOfBought" x
    WHERE NOT EXISTS (${owned}) GROUP BY x."otherProductId")`;
  const best = `(SELECT q."id" AS "productId", q."title", ${availabilitySql('q')} AS "availability", r."score"
    FROM ${candidates} r JOIN "Product" q ON q."workspaceId" = ${workspace} AND q."id" = r."otherProductId"
    WHERE ${available('q')} ORDER BY r."score" DESC, q."id" LIMIT ${mostRecommendations})`;
  const latestOrder = `SELECT o."id" FROM "OrderLine" l JOIN "Order" o ON o."workspaceId" = l."workspaceId" AND o."id" = l."orderId"
    WHERE ${ofCustomer('l')} AND l."productId" = p."id" AND ${countedSql('o')} ORDER BY o."placedAt" DESC, o."id" DESC LIMIT 1`;
  const reasons = `SELECT p."id" AS "productId", p."title", ${measures}, (${latestOrder}) AS "orderId"
    FROM "pairsOfBought" x JOIN "Product" p ON p."workspaceId" = ${workspace} AND p."id" = x."productId"
    WHERE x."otherProductId" = best."productId" ORDER BY x."cosine" DESC, p."id" LIMIT ${mostReasons}`;
  return ifCounted(`(WITH "pairsOfBought" AS MATERIALIZED (${pairs})
    SELECT coalesce(json_agg("itemRow" ORDER BY "itemRow"."score" DESC, "itemRow"."productId"), '[]') FROM (
    SELECT best.*, (SELECT json_agg("reasonRow") FROM (${reasons}) "reasonRow") AS "reasons" FROM ${best} best) "itemRow")`);
}

/** Encodes the IDs in the JSON of `boughtTogetherSql`. */
export function boughtTogetherOf(pairs: BoughtTogether[]): BoughtTogether[] {
  return pairs.map(encoded);
}

/** Encodes the IDs in the JSON of `recommendationsSql`. */
export function recommendationsOf(items: Recommendation[]): Recommendation[] {
  return items.map(({ productId, reasons, ...item }) => ({
    ...item,
    productId: encodeId('Product', productId),
    reasons: reasons.map(({ orderId, ...pair }) => ({
      ...encoded(pair),
      orderId: orderId && encodeId('Order', orderId),
    })),
  }));
}

function encoded<Pair extends PairedProduct>(pair: Pair): Pair {
  const { productId, latestOrderIds } = pair;
  return {
    ...pair,
    productId: encodeId('Product', productId),
    latestOrderIds: latestOrderIds.map((id) => encodeId('Order', id)),
  };
}
