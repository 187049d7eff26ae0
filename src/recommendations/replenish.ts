import { countedSql } from '../db/counted-orders.ts';
import { workspace } from '../db/statements.ts';
import { encodeId } from '../lib/ids.ts';
import { type Availability, availabilitySql } from './availability.ts';

/** Fewest purchases of a product that show how often a customer buys it. */
export const fewestPurchases = 3;

/** Most products with a date, and most orders that a date is based on. */
export const mostProducts = 50;
export const mostOrders = 50;

const dayMs = 86_400_000;

/** Orders of a customer with a product, newest first, at most `mostOrders`. */
export type RepeatedProduct = {
  productId: string;
  title: string;
  availability: Availability;
  orders: { id: string; at: string }[];
};

/** The customer whose products these are. */
export type RepeatedProducts = { customerId: string; products: RepeatedProduct[] };

export type Replenishment = {
  customerId: string;
  /** UUID of the product. */
  product: string;
  productId: string;
  title: string;
  availability: Availability;
  purchases: number;
  medianDays: number;
  spreadDays: number;
  lastBoughtAt: Date;
  nextExpectedAt: Date;
  isDue: boolean;
  orderIds: string[];
};

/**
 * SQL for the products that a customer bought several times until an instant, as JSON of `RepeatedProduct`. Takes SQL for
 * the customer's ID, the instant, and an optional condition on the purchases `w`.
 */
export function repeatedProductsSql(customerId: string, instant: string, condition = 'true'): string {
  return `(SELECT coalesce(json_agg("repeatedRow"), '[]') FROM (
    SELECT w."productId", p."title", ${availabilitySql('p')} AS "availability", (
      SELECT coalesce(json_agg(json_build_object('id', latest."id", 'at', latest."placedAt") ORDER BY latest."placedAt" DESC, latest."id" DESC), '[]') FROM (
        SELECT DISTINCT o."id", o."placedAt" FROM "OrderLine" l
        JOIN "Order" o ON o."workspaceId" = ${workspace} AND o."id" = l."orderId"
        WHERE l."workspaceId" = ${workspace} AND l."customerId" = ${customerId} AND l."productId" = w."productId"
          AND o."placedAt" <= ${instant} AND ${countedSql('o')}
        ORDER BY o."placedAt" DESC, o."id" DESC LIMIT ${mostOrders}) latest) AS "orders"
    FROM "PurchasedProduct" w JOIN "Product" p ON p."workspaceId" = ${workspace} AND p."id" = w."productId"
    WHERE w."workspaceId" = ${workspace} AND w."customerId" = ${customerId} AND w."timesBought" >= ${fewestPurchases} AND ${condition}
    ORDER BY w."lastBoughtAt" DESC, w."productId" LIMIT ${mostProducts}) "repeatedRow")`;
}

type Expected = Omit<Replenishment, 'customerId' | 'product'>;

/** Expects the next purchase of each product, soonest first. Orders of one UTC date are one purchase. */
export function replenishmentsOf({ customerId, products }: RepeatedProducts, at: Date): Replenishment[] {
  return products
    .flatMap((product) => {
      const found = replenishmentOf(product, at);
      return found ? [{ customerId, product: product.productId, ...found }] : [];
    })
    .sort((one, other) => one.nextExpectedAt.getTime() - other.nextExpectedAt.getTime());
}

/** Expects the next purchase of a product. Null if the customer bought it on fewer than three days. */
export function replenishmentOf({ orders, productId, ...product }: RepeatedProduct, at: Date): Expected | null {
  const days = [...new Set(orders.map((order) => Math.floor(Date.parse(order.at) / dayMs)))];
  const [latest] = orders;
  if (!latest || days.length < fewestPurchases) return null;
  const gaps = days.slice(1).map((day, i) => (days[i] ?? day) - day);
  const medianDays = medianOf(gaps);
  const lastBoughtAt = new Date(latest.at);
  const nextExpectedAt = new Date(lastBoughtAt.getTime() + medianDays * dayMs);
  return {
    ...product,
    productId: encodeId('Product', productId),
    purchases: days.length,
    medianDays,
    spreadDays: medianOf(gaps.map((gap) => Math.abs(gap - medianDays))),
    lastBoughtAt,
    nextExpectedAt,
    isDue: nextExpectedAt <= at,
    orderIds: orders.map(({ id }) => encodeId('Order', id)),
  };
}

function medianOf(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? 0, sorted[Math.floor(middle)] ?? 0];
  return (low + high) / 2;
}
