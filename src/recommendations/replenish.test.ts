import { beforeAll, expect, it } from 'vitest';
import { unlimited, useApi } from '../../test/api.ts';
import { writeLines } from '../../test/run-import.ts';
import { decodeId } from '../lib/ids.ts';
import { type RepeatedProduct, replenishmentOf } from './replenish.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');
const fields = `{ productId title availability purchases medianDays spreadDays lastBoughtAt nextExpectedAt isDue orderIds fact { id } }`;
const by = { externalId: { source: 'test', value: 'ada' } };

const ofCustomer = `query ($by: CustomerKey!) { customer(by: $by) { replenishments ${fields} } }`;
const inContext = `query ($by: CustomerKey!, $asOf: DateTime) { customerContext(by: $by, purpose: SUPPORT, asOf: $asOf) {
  value { replenishments ${fields} } } }`;

const order = (id: string, placedAt: string, products: string[], more: object = {}) => ({
  type: 'order',
  key: { externalId: id },
  customer: { externalId: 'ada' },
  placedAt,
  currencyCode: 'PLN',
  lines: products.map((externalId) => ({ product: { externalId }, quantity: 1, unitPrice: '10' })),
  ...more,
});

beforeAll(async () => {
  await writeLines(
    shop.db,
    [
      { type: 'product', key: { externalId: 'coffee' }, title: 'Coffee', variants: [{ sku: 'C', options: {} }] },
      { type: 'product', key: { externalId: 'filter' }, title: 'Filter', isActive: false },
      { type: 'product', key: { externalId: 'mill' }, title: 'Mill' },
      { type: 'customer', key: { externalId: 'ada' } },
      order('1', '2026-01-01T10:00:00Z', ['coffee', 'filter', 'mill']),
      // Two orders of one day are one purchase.
      order('2', '2026-01-31T08:00:00Z', ['coffee', 'mill']),
      order('3', '2026-01-31T18:00:00Z', ['coffee', 'mill']),
      order('4', '2026-03-04T10:00:00Z', ['coffee', 'filter']),
      order('5', '2026-03-10T10:00:00Z', ['filter'], { status: 'CANCELED' }),
      order('6', '2026-04-03T10:00:00Z', ['coffee', 'filter']),
      order('7', '2026-06-01T10:00:00Z', ['coffee', 'filter']),
    ],
    'test',
  );
});

it('expects the next purchase one median after the last one', async () => {
  const { replenishments } = (await shop.data(ofCustomer, { by })).customer;

  // Days between purchases of coffee: 30, 32, 30, 59. Of filters: 62, 30, 59.
  expect(replenishments).toMatchObject([
    {
      title: 'Coffee',
      availability: 'AVAILABLE',
      purchases: 5,
      medianDays: 31,
      spreadDays: 1,
      lastBoughtAt: '2026-06-01T10:00:00.000Z',
      nextExpectedAt: '2026-07-02T10:00:00.000Z',
      isDue: true,
    },
    { title: 'Filter', availability: 'UNAVAILABLE', purchases: 4, medianDays: 59, spreadDays: 3 },
  ]);
  expect(replenishments[0].orderIds).toHaveLength(6);
});

it('is the same in a context, and follows its time', async () => {
  const { replenishments } = (await shop.data(ofCustomer, { by })).customer;
  const at = async (asOf: string | null) =>
    (await shop.data(inContext, { by, asOf })).customerContext.value.replenishments;
  const timeless = (all: { fact: object }[]) => all.map(({ fact: _, ...rest }) => rest);

  expect(timeless(await at(null))).toEqual(timeless(replenishments));
  expect(await at('2026-04-10T00:00:00Z')).toMatchObject([
    { title: 'Coffee', purchases: 4, medianDays: 30, spreadDays: 0, isDue: false },
    { title: 'Filter', purchases: 3, medianDays: 46, spreadDays: 16 },
  ]);
  expect(await at('2026-03-01T00:00:00Z')).toEqual([]);
});

it('is explained by its orders', async () => {
  const [coffee] = (await shop.data(ofCustomer, { by })).customer.replenishments;

  const explaining = 'query ($id: ID!) { fact(id: $id) { kind value inputs { name id value } numberOfInputs method } }';
  const { fact } = await shop.data(explaining, { id: coffee.fact.id });

  expect(fact).toMatchObject({
    kind: 'COMPUTED',
    value: { purchases: 5, medianDays: 31, spreadDays: 1, nextExpectedAt: coffee.nextExpectedAt },
    numberOfInputs: 6,
  });
  expect(fact.inputs.map(({ id }: { id: string }) => id)).toEqual(coffee.orderIds);
  expect(decodeId(coffee.orderIds[0])?.type).toBe('Order');
});

it('needs three days with a purchase', () => {
  const bought = (...days: string[]): RepeatedProduct => ({
    productId: '01900000-0000-7000-8000-000000000000',
    title: 'Tea',
    availability: 'UNKNOWN',
    orders: days.map((day) => ({ id: '01900000-0000-7000-8000-000000000001', at: `${day}T12:00:00+00:00` })),
  });
  const now = new Date('2026-03-01T12:00:00Z');

  expect(replenishmentOf(bought('2026-01-09', '2026-01-02'), now)).toBeNull();
  expect(replenishmentOf(bought('2026-01-09', '2026-01-09', '2026-01-02'), now)).toBeNull();
  expect(replenishmentOf(bought('2026-01-23', '2026-01-09', '2026-01-02'), now)).toMatchObject({
    medianDays: 10.5,
    spreadDays: 3.5,
    isDue: true,
  });
});
