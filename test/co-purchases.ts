import type { Db } from '../src/db/database.ts';

/** A pair of products, recounted one order at a time. */
export type RecountedPair = {
  productId: string;
  otherProductId: string;
  orders: number;
  support: number;
  confidence: number;
  lift: number;
  cosine: number;
};

/** Recounts in plain JavaScript which products are bought together in at least three orders after an instant. */
export async function recountPairs(
  db: Db,
  since: Date,
  until: Date,
): Promise<{ orders: number; pairs: RecountedPair[] }> {
  const orders = await db.order.findMany({
    where: { placedAt: { gt: since, lte: until }, status: { notIn: ['DRAFT', 'CANCELED', 'EXPIRED'] } },
    select: { id: true },
  });
  const baskets = new Map<string, Set<string>>(orders.map(({ id }) => [id, new Set()]));
  const lines = await db.orderLine.findMany({
    where: { productId: { not: null } },
    select: { orderId: true, productId: true },
  });
  for (const { orderId, productId } of lines) baskets.get(orderId)?.add(productId ?? '');
  const ids = [...new Set(lines.map(({ productId }) => productId ?? ''))];
  const indexes = new Map(ids.map((id, i) => [id, i]));
  const sold = new Uint32Array(ids.length);
  const together = new Uint32Array(ids.length ** 2);
  let counted = 0;
  for (const basket of baskets.values()) {
    const products = [...basket].map((id) => indexes.get(id) ?? 0);
    if (products.length > 0) counted += 1;
    for (const a of products) {
      sold[a] = (sold[a] ?? 0) + 1;
      for (const b of products) together[a * ids.length + b] = (together[a * ids.length + b] ?? 0) + 1;
    }
  }
  const pairs: RecountedPair[] = [];
  for (const [i, both] of together.entries()) {
    const [one, other] = [Math.floor(i / ids.length), i % ids.length];
    if (both < 3 || one === other) continue;
    const [a, b] = [sold[one] ?? 0, sold[other] ?? 0];
    pairs.push({
      productId: ids[one] ?? '',
      otherProductId: ids[other] ?? '',
      orders: both,
      support: both / counted,
      confidence: both / a,
      lift: both / counted / ((a / counted) * (b / counted)),
      cosine: both / Math.sqrt(a * b),
    });
  }
  return { orders: counted, pairs };
}

/** Returns the 20 pairs with the highest lift among those in at least 2% of all orders, each once. */
export function bestByLift<Pair extends RecountedPair>(pairs: readonly Pair[]): Pair[] {
  return pairs
    .filter(({ support, productId, otherProductId }) => support >= 0.02 && productId < otherProductId)
    .sort((one, other) => other.lift - one.lift || (one.productId < other.productId ? -1 : 1))
    .slice(0, 20);
}
