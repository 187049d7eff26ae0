import { beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { rowsReadBy, statementsOf } from '../../test/rows-read.ts';
import { writeLines } from '../../test/run-import.ts';
import { createApiKey } from '../access/api-keys.ts';
import { decodeId } from '../lib/ids.ts';
import { countPairs } from './count-pairs.ts';

const api = await useApi();
const shop = await api.tenant('shop');

const pair = 'productId title orders support confidence lift cosine latestOrderIds';
const ofCustomer = `query ($customer: String!) { customer(by: { externalId: { source: "test", value: $customer } }) {
  recommendations { productId title availability score reasons { ${pair} orderId } } } }`;
const ofProduct = `query ($product: String!) { product(by: { externalId: { source: "test", value: $product } }) {
  boughtTogether { ${pair} availability } } }`;

type Item = { title: string; availability: string; score: number; reasons: (Pair & { orderId: string })[] };
type Pair = { title: string; orders: number; cosine: number; latestOrderIds: string[] };

const recommended = async (customer: string): Promise<Item[] | null> =>
  (await shop.data(ofCustomer, { customer })).customer.recommendations;
const together = async (product: string): Promise<(Pair & { availability: string })[] | null> =>
  (await shop.data(ofProduct, { product })).product.boughtTogether;

const order = (id: string, customer: string | null, products: string[], day = 1) => ({
  type: 'order',
  key: { externalId: id },
  customer: customer && { externalId: customer },
  placedAt: `2026-06-${String(day).padStart(2, '0')}T10:00:00Z`,
  currencyCode: 'PLN',
  lines: products.map((externalId) => ({ product: { externalId }, quantity: 1, unitPrice: '10' })),
});
const product = (externalId: string, more: object = {}) => ({
  type: 'product',
  key: { externalId },
  title: externalId,
  ...more,
});
const variant = (isAvailable: boolean) => ({ variants: [{ sku: 'S', options: {}, isAvailable }] });

// Takes SQL for the two products and the cosine of each pair. `$1` is the workspace.
const insertPairs = (pairs: string) =>
  api.database.asOwner((pool) =>
    pool.query(
      `INSERT INTO "ProductPair" ("workspaceId", "productId", "otherProductId", "orders", "support", "confidence", "lift", "cosine", "latestOrderIds")
       SELECT $1, p."productId", p."otherProductId", 3, 0.1, 0.1, 1, p."cosine", '{}' FROM (${pairs}) AS p ("productId", "otherProductId", "cosine")`,
      [shop.db.workspaceId],
    ),
  );

beforeAll(async () => {
  await writeLines(
    shop.db,
    [
      product('laptop', variant(true)),
      product('mouse', variant(true)),
      product('bag'),
      product('dock', variant(false)),
      product('old-case', { isActive: false }),
      product('tea'),
      ...['ada', 'bob', 'cy'].map((externalId) => ({ type: 'customer', key: { externalId } })),
      // Guests count, too.
      ...[1, 2, 3, 4].map((day) => order(`g${day}`, null, ['laptop', 'mouse', 'dock', 'old-case'], day)),
      ...[5, 6, 7].map((day) => order(`b${day}`, 'bob', ['laptop', 'bag', 'tea'], day)),
      order('a1', 'ada', ['laptop'], 20),
      order('a2', 'ada', ['tea'], 21),
    ],
    'test',
  );
});

describe('recommendations', () => {
  it('are null before the first count', async () => {
    expect([await recommended('ada'), await together('laptop')]).toEqual([null, null]);
  });

  it('leave out what the customer owns and what cannot be bought, and say which purchases they follow from', async () => {
    await countPairs(shop.db, { until: new Date('2026-07-01T00:00:00Z') });

    const items = (await recommended('ada')) ?? [];

    expect(items.map(({ title, availability }) => [title, availability])).toEqual([
      ['bag', 'UNKNOWN'],
      ['mouse', 'AVAILABLE'],
    ]);
    const [bag, mouse] = items;
    expect(bag?.reasons.map(({ title }) => title)).toEqual(['tea', 'laptop']);
    expect(mouse?.reasons.map(({ title, orders }) => [title, orders])).toEqual([['laptop', 4]]);
    for (const { score, reasons } of items)
      expect(score).toBeCloseTo(
        reasons.reduce((sum, { cosine }) => sum + cosine, 0),
        12,
      );
    expect(await recommended('cy')).toEqual([]);
    expect((await recommended('bob'))?.map(({ title }) => title)).toEqual(['mouse']);
  });

  it('name the orders behind them', async () => {
    const [bag] = (await recommended('ada')) ?? [];
    const numberOf = async (id: string | undefined) =>
      (await shop.db.order.findFirst({ where: { id: decodeId(id ?? '')?.uuid ?? '' } }))?.number;
    const [byTea, byLaptop] = bag?.reasons ?? [];

    expect([await numberOf(byTea?.orderId), await numberOf(byLaptop?.orderId)]).toEqual(['a2', 'a1']);
    expect(await Promise.all((byLaptop?.latestOrderIds ?? []).map(numberOf))).toEqual(['b7', 'b6', 'b5']);
  });

  it('read only the pairs of what the customer bought, also before the table is analyzed', async () => {
    const bought = Array.from({ length: 40 }, (_, i) => `bought-${i}`);
    const dan = [{ type: 'customer', key: { externalId: 'dan' } }, order('d1', 'dan', ['laptop', ...bought], 30)];
    await writeLines(shop.db, [...bought.map((each) => product(each)), ...dan], 'test');
    await insertPairs('SELECT gen_random_uuid(), gen_random_uuid(), 0.1 FROM generate_series(1, 5000)');

    const { answer, sent } = await statementsOf(api, () => recommended('dan'));

    expect(answer?.map(({ title }) => title)).toEqual(['mouse', 'bag', 'tea']);
    expect(await rowsReadBy(sent, api.database, shop.db.workspaceId)).toBeLessThan(500);
  });

  it('have equal scores for equal cosines, in any order', async () => {
    const bought = ['p1', 'p2', 'p3'];
    const eve = [{ type: 'customer', key: { externalId: 'eve' } }, order('e1', 'eve', bought, 30)];
    await writeLines(shop.db, [...[...bought, 'one', 'other'].map((each) => product(each)), ...eve], 'test');
    await insertPairs(
      `SELECT b."id", o."id", c."cosine"
       FROM (VALUES ('p1', 'one', 0.1), ('p2', 'one', 0.2), ('p3', 'one', 0.3),
         ('p1', 'other', 0.3), ('p2', 'other', 0.2), ('p3', 'other', 0.1)) AS c ("bought", "other", "cosine")
       JOIN "Product" b ON b."workspaceId" = $1 AND b."externalId" = c."bought"
       JOIN "Product" o ON o."workspaceId" = $1 AND o."externalId" = c."other"`,
    );

    const items = (await recommended('eve')) ?? [];

    expect(items.map(({ title }) => title).sort()).toEqual(['one', 'other']);
    expect(new Set(items.map(({ score }) => score)).size).toBe(1);
  });

  it('need the scope of orders, and are null for customer tokens', async () => {
    const { secret } = await createApiKey(shop.db, { name: 'narrow', scopes: ['customers:read', 'products:read'] });

    const { errors } = await api.sendAs(secret, ofCustomer, { customer: 'ada' });

    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const issued = await shop.data(
      'mutation { createCustomerToken(input: { customer: { externalId: { source: "test", value: "ada" } } }) { token } }',
    );
    const asAda = await api.sendAs(issued.createCustomerToken.token, ofCustomer, { customer: 'ada' });
    expect(asAda.data.customer.recommendations).toBeNull();
  });
});

describe('products bought together', () => {
  it('have the measures of their pair, highest cosine first', async () => {
    const pairs = (await together('laptop')) ?? [];

    expect(pairs).toMatchObject([
      {
        title: 'mouse',
        orders: 4,
        support: 4 / 9,
        confidence: 4 / 8,
        lift: (4 * 9) / (8 * 4),
        availability: 'AVAILABLE',
      },
      { title: 'bag', orders: 3, support: 3 / 9, confidence: 3 / 8, lift: (3 * 9) / (8 * 3), availability: 'UNKNOWN' },
      { title: 'tea', orders: 3, confidence: 3 / 8, lift: (3 * 9) / (8 * 4) },
    ]);
    expect(pairs[0]?.cosine).toBeCloseTo(4 / Math.sqrt(32), 12);
  });

  it('are the same without a compiled statement', async () => {
    // A search finds its customers first, so a resolver answers.
    await writeLines(shop.db, [{ type: 'customer', key: { externalId: 'ada' }, displayName: 'Ada Lovelace' }], 'test');
    const search = `{ customers(where: { search: "Lovelace" }) { nodes { recommendations { title score reasons { title orderId } } } } }`;

    const [found] = (await shop.data(search)).customers.nodes;

    const compiled = (await recommended('ada')) ?? [];
    expect(found.recommendations).toEqual(
      compiled.map(({ title, score, reasons }) => ({
        title,
        score,
        reasons: reasons.map(({ title, orderId }) => ({ title, orderId })),
      })),
    );
  });
});
