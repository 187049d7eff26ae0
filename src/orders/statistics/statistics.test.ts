import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { upsertCustomer } from '../../customers/customers.ts';
import { transact } from '../../db/write/transact.ts';
import { upsertProduct } from '../../products/products.ts';
import { orderWriter } from '../orders.ts';
import { verifyStatistics } from './verify-statistics.ts';

const { db } = await (await useApi()).tenant('books');
const named = (value: string) => ({ externalId: { source: 'shop', value } });

beforeAll(async () => {
  for (const name of ['ada', 'bob']) await upsertCustomer(db, { key: named(name) });
  for (const name of ['lamp', 'cup']) await upsertProduct(db, { key: named(name) });
});

// New orders, and a few keys that repeat: written twice, moved to another customer, canceled or partially paid.
const order = fc.record({
  key: fc.oneof(fc.constantFrom('1', '2', '3'), fc.uuid()).map(named),
  customer: fc.constantFrom('ada', 'bob', null).map((name) => name && named(name)),
  currencyCode: fc.constantFrom('GBP', 'PLN'),
  placedAt: fc.date({ min: new Date('2025-01-01'), max: new Date('2026-01-01'), noInvalidDate: true }),
  status: fc.constantFrom('FULFILLED', 'CANCELED', 'UNFULFILLED'),
  paymentStatus: fc.constantFrom('PENDING', 'PAID', 'REFUNDED', undefined),
  lines: fc.array(
    fc.record({
      product: fc.constantFrom('lamp', 'cup').map(named),
      quantity: fc.integer({ min: 1, max: 3 }),
      unitPrice: fc.constantFrom('0.0001', '9.99', '100'),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  payments: fc.constantFrom(undefined, [{ kind: 'PAYMENT', method: 'card', amount: '5' }]),
});

it('stores the same as a recount, whichever orders are written together', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(order, { minLength: 1, maxLength: 6 }), async (orders) => {
      await transact(db, (tx) => orderWriter.write(tx, orders.map(orderWriter.parse)));

      expect(await verifyStatistics(db)).toMatchObject({ differences: [] });
    }),
    { numRuns: 60 },
  );
});
