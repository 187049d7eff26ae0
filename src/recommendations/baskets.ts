import { countedSql } from '../db/counted-orders.ts';
import type { Db } from '../db/database.ts';
import { idPages } from '../db/write/batches.ts';
import { GrowingNumbers } from '../lib/growing-numbers.ts';

export type Window = { since: Date; until: Date };

/** How long work proceeds: until its signal stops it, and in pieces between which the event loop runs. */
export type Pace = { signal?: AbortSignal | undefined; yieldToEventLoop: () => Promise<void> | undefined };

type Numbers = GrowingNumbers<Uint32Array>;

const ordersPerPage = 500;
const uuid = { bytes: 16, letters: 36 };

/** Reads the orders that count and were placed after an instant and up to another, page by page. */
export async function readBaskets(
  db: Db,
  { since, until }: Window,
  { signal, yieldToEventLoop }: Pace,
): Promise<Baskets> {
  const baskets = new Baskets();
  const orders = { table: 'Order', where: isWithin, values: [since, until], order: ['placedAt', 'id'] };
  for await (const ids of idPages(db, orders, { batchSize: ordersPerPage, signal })) {
    await yieldToEventLoop();
    const page = await db.query<{ products: string | null }>({ text: productsSql, values: [db.workspaceId, ids] });
    baskets.add(
      ids,
      page.map(({ products }) => products ?? ''),
    );
  }
  return baskets;
}

/** Returns the part of a window that has at most this many orders, the latest ones. */
export async function latestOf(db: Db, { since, until }: Window, most: number): Promise<Window> {
  const text = `SELECT "placedAt" FROM "Order" WHERE "workspaceId" = $1::uuid AND ${isWithin}
    ORDER BY "placedAt" DESC OFFSET $4 LIMIT 1`;
  const [before] = await db.query<{ placedAt: Date }>({ text, values: [db.workspaceId, since, until, most] });
  return { since: before?.placedAt ?? since, until };
}

const isWithin = `"placedAt" > $2::timestamptz AND "placedAt" <= $3::timestamptz AND ${countedSql('"Order"')}`;

// One text per order, because a row per line takes `pg` several times as long.
const productsSql = `SELECT (SELECT string_agg(l."productId"::text, '') FROM "OrderLine" l
    WHERE l."workspaceId" = $1::uuid AND l."orderId" = o."id") AS "products"
  FROM unnest($2::uuid[]) WITH ORDINALITY AS o ("id", n) ORDER BY n`;

/**
 * The products in each order, in memory. Orders and products are numbered from 0, the oldest order first. An order takes
 * 20 bytes and each of its products 8, besides what the lists reserve to grow.
 */
export class Baskets {
  /** Number of orders with a product. */
  orders = 0;
  readonly productIds: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #ordersOf: Numbers[] = [];
  // The products of the orders, one order after the other, and where those of each order end.
  readonly #products = newNumbers();
  readonly #ends = newNumbers();
  readonly #orderIds: Buffer[] = [];

  /** Adds a page of orders, later than all before. Takes the IDs of the products in each, joined. */
  add(orderIds: string[], products: string[]): void {
    this.#orderIds.push(Buffer.from(orderIds.join('').replaceAll('-', ''), 'hex'));
    for (const ids of products) {
      if (ids !== '') this.orders += 1;
      for (let at = 0; at < ids.length; at += uuid.letters) this.#addLine(ids.slice(at, at + uuid.letters));
      this.#ends.push(this.#products.length);
    }
  }

  /** Returns the distinct products of an order. */
  productsOf(order: number): Uint32Array {
    return this.#products.slice(this.#ends.at(order - 1), this.#ends.at(order));
  }

  /** Returns the orders with a product, oldest first. */
  ordersOf(product: number): Uint32Array {
    return this.#ordersOf[product]?.slice() ?? new Uint32Array();
  }

  numberOfOrders(product: number): number {
    return this.#ordersOf[product]?.length ?? 0;
  }

  orderId(order: number): string {
    const at = (order % ordersPerPage) * uuid.bytes;
    return this.#orderIds[Math.floor(order / ordersPerPage)]?.toString('hex', at, at + uuid.bytes) ?? '';
  }

  #addLine(productId: string): void {
    const order = this.#ends.length;
    const product = this.#numbers.get(productId) ?? this.#addProduct(productId);
    const orders = this.#ordersOf[product];
    // Two lines of an order may have the same product.
    if (!orders || orders.at(orders.length - 1) === order) return;
    orders.push(order);
    this.#products.push(product);
  }

  #addProduct(productId: string): number {
    // A slice of a text keeps all of it in memory.
    const copy = Buffer.from(productId).toString();
    const product = this.productIds.push(copy) - 1;
    this.#numbers.set(copy, product);
    this.#ordersOf.push(newNumbers());
    return product;
  }
}

const newNumbers = () => new GrowingNumbers((length) => new Uint32Array(length));
