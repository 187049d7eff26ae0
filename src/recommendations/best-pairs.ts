import type { Baskets, Pace } from './baskets.ts';

/** Fewest orders that make two products a pair. */
export const fewestOrders = 3;

/** Most pairs of a product that are stored: those with the highest cosine. */
export const mostPairs = 20;

const mostLatestOrders = 5;

// Orders between two moments at which the event loop may run.
const ordersPerPiece = 1_000;

export type Pair = {
  productId: string;
  otherProductId: string;
  /** Number of orders with both products. */
  orders: number;
  support: number;
  confidence: number;
  lift: number;
  cosine: number;
  latestOrderIds: string[];
};

/** A product that is in orders with another one. */
type Other = { product: number; orders: number; cosine: number };

/** Counts the pairs of one product after the other. The memory follows the number of products. */
export class PairCounter {
  readonly #baskets: Baskets;
  readonly #pace: Pace;
  // By product. All 0 between two products.
  readonly #counts: Uint32Array;

  constructor(baskets: Baskets, pace: Pace) {
    this.#baskets = baskets;
    this.#pace = pace;
    this.#counts = new Uint32Array(baskets.productIds.length);
  }

  /** Returns the pairs of a product to store, best first. */
  async bestPairs(product: number): Promise<Pair[]> {
    const { orders: all, productIds } = this.#baskets;
    const sold = this.#baskets.numberOfOrders(product);
    if (sold < fewestOrders) return [];
    const best = this.#takeBest(product, await this.#count(product));
    const latest = await this.#latestOrders(product, best);
    return best.map(({ product: other, orders, cosine }, i) => ({
      productId: productIds[product] ?? '',
      otherProductId: productIds[other] ?? '',
      orders,
      support: orders / all,
      confidence: orders / sold,
      lift: (orders * all) / (sold * this.#baskets.numberOfOrders(other)),
      cosine,
      latestOrderIds: latest[i] ?? [],
    }));
  }

  // Counts the orders with the product and each other one, and returns the others.
  async #count(product: number): Promise<number[]> {
    const counts = this.#counts;
    const others: number[] = [];
    await this.#eachOrder(this.#baskets.ordersOf(product), (order) => {
      for (const other of this.#baskets.productsOf(order)) {
        const orders = counts[other] ?? 0;
        if (orders === 0) others.push(other);
        counts[other] = orders + 1;
      }
    });
    return others;
  }

  #takeBest(product: number, others: number[]): Other[] {
    const sold = this.#baskets.numberOfOrders(product);
    const best: Other[] = [];
    for (const other of others) {
      const orders = this.#counts[other] ?? 0;
      this.#counts[other] = 0;
      if (orders < fewestOrders || other === product) continue;
      const cosine = orders / Math.sqrt(sold * this.#baskets.numberOfOrders(other));
      const pair = { product: other, orders, cosine };
      let place = best.length;
      while (place > 0 && this.#isBetter(pair, best[place - 1])) place -= 1;
      if (place === mostPairs) continue;
      best.splice(place, 0, pair);
      if (best.length > mostPairs) best.pop();
    }
    return best;
  }

  #isBetter(one: Other, other: Other | undefined): boolean {
    const { productIds } = this.#baskets;
    if (!other || one.cosine !== other.cosine) return one.cosine > (other?.cosine ?? 0);
    return (productIds[one.product] ?? '') < (productIds[other.product] ?? '');
  }

  // Returns the IDs of the latest orders with the product and each of the others, latest first.
  async #latestOrders(product: number, others: Other[]): Promise<string[][]> {
    const latest = others.map((): string[] => []);
    const places = new Map(others.map((other, i) => [other.product, i]));
    await this.#eachOrder(this.#baskets.ordersOf(product).toReversed(), (order) => {
      for (const other of this.#baskets.productsOf(order)) {
        const place = places.get(other);
        if (place === undefined) continue;
        latest[place]?.push(this.#baskets.orderId(order));
        if (latest[place]?.length === mostLatestOrders) places.delete(other);
      }
      return places.size > 0;
    });
    return latest;
  }

  async #eachOrder(orders: Uint32Array, work: (order: number) => unknown): Promise<void> {
    for (const [i, order] of orders.entries()) {
      if (i % ordersPerPiece === 0) await this.#pace.yieldToEventLoop();
      if (work(order) === false) return;
    }
  }
}
