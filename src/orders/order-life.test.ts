import fc from 'fast-check';
import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { upsertCustomer } from '../customers/customers.ts';
import type { Db } from '../db/database.ts';
import { DomainError } from '../lib/errors.ts';
import { upsertOrder } from './orders.ts';
import { recordPayment } from './payments/payments.ts';
import { recordReturn } from './returns/returns.ts';
import { verifyStatistics } from './statistics/verify-statistics.ts';

const api = await useApi();
const named = (value: string) => ({ externalId: { source: 'shop', value } });

// Each SKU occurs once: with two identical lines, the line a return applies to would depend on earlier steps.
const lines = fc
  .uniqueArray(
    fc.record({
      sku: fc.constantFrom('A', 'B', 'C', 'D'),
      quantity: fc.integer({ min: 1, max: 4 }),
      unitPrice: fc.constantFrom('0.99', '3.3333', '10', '25.5'),
    }),
    { minLength: 1, maxLength: 4, selector: ({ sku }) => sku },
  )
  .map((all) => all.map((line) => ({ ...line, title: `Thing ${line.sku}` })));

// A partial update of an order: only the fields it contains change.
const edit = fc.record(
  {
    lines,
    discount: fc.constantFrom('0', '0.5', '0.97'),
    shipping: fc.constantFrom('0', '4.99'),
    status: fc.constantFrom('UNFULFILLED', 'FULFILLED', 'CANCELED'),
    paymentStatus: fc.constantFrom('PENDING', 'PAID'),
    currencyCode: fc.constantFrom('EUR', 'PLN'),
    note: fc.constantFrom('one', null),
  },
  { requiredKeys: [] },
);
const payment = fc.record({ kind: fc.constantFrom('PAYMENT', 'REFUND'), amount: fc.constantFrom('1', '5.5', '20') });
const back = fc.record({
  sku: fc.constantFrom('A', 'B', 'C', 'D'),
  quantity: fc.integer({ min: 1, max: 3 }),
  kind: fc.constantFrom('RETURN', 'EXCHANGE'),
  status: fc.constantFrom('REQUESTED', 'RECEIVED', 'COMPLETED', 'REJECTED'),
});
const step = fc.oneof(
  edit.map((given) => ({ type: 'edit' as const, given })),
  payment.map((given) => ({ type: 'payment' as const, given })),
  back.map((given) => ({ type: 'return' as const, given })),
);
type Edit = { lines?: object[] } & Record<string, unknown>;

async function stateOf(db: Db, value: string) {
  const row = await db.order.findFirstOrThrow({
    where: { externalId: value },
    include: {
      lines: { orderBy: { position: 'asc' } },
      payments: true,
      returns: { orderBy: { externalId: 'asc' }, include: { lines: true } },
      customer: { include: { statistics: true } },
    },
  });
  const { status, paymentStatus, currencyCode, note } = row;
  const text = (amount: unknown) => String(amount);
  return {
    ...{ status, paymentStatus, currencyCode, note },
    ...{ total: text(row.total), subtotal: text(row.subtotal), discount: text(row.discount) },
    amounts: [row.amountPaid, row.amountRefunded, row.amountReturned].map(text),
    lines: row.lines.map(({ sku, quantity, returnedQuantity, total }) => [
      sku,
      quantity,
      returnedQuantity,
      text(total),
    ]),
    payments: row.payments.map(({ kind, amount, currencyCode }) => `${kind} ${amount} ${currencyCode}`).sort(),
    returns: row.returns.map((each) => [
      each.status,
      text(each.refundAmount),
      each.currencyCode,
      each.lines.map(({ sku, quantity, total }) => [sku, quantity, text(total)]),
    ]),
    statistics: row.customer?.statistics.map(({ amountOrdered, amountSpent, amountReturned }) =>
      [amountOrdered, amountSpent, amountReturned].map(text),
    ),
  };
}

it('reaches the same state whether it is edited step by step or written once', async () => {
  let n = 0;
  await fc.assert(
    fc.asyncProperty(lines, fc.array(step, { maxLength: 7 }), async (firstLines, steps) => {
      n += 1;
      const { db } = await api.tenant(`shop-${n}`);
      for (const value of ['steps', 'once']) await upsertCustomer(db, { key: named(value) });
      const start: Edit = { placedAt: '2026-01-01T10:00:00Z', currencyCode: 'EUR', lines: firstLines };
      const write = (value: string, given: Edit) =>
        upsertOrder(db, { key: named(value), customer: named(value), ...given });
      const final = { edits: start, payments: [] as object[], returns: [] as object[] };
      await write('steps', start);

      for (const [i, { type, given }] of steps.entries()) {
        // A step that breaks a rule is refused and changes nothing.
        await tried(async () => {
          if (type === 'edit') {
            await write('steps', given);
            final.edits = { ...final.edits, ...given };
          } else if (type === 'payment') {
            const paid = {
              ...given,
              method: 'card',
              occurredAt: '2026-01-02T10:00:00Z',
              externalId: { source: 'bank', value: `${i}` },
            };
            await recordPayment(db, { order: named('steps'), ...paid });
            final.payments.push({ ...paid, externalId: { source: 'other bank', value: `${i}` } });
          } else {
            const { sku, quantity, ...rest } = given;
            const returned = { ...rest, occurredAt: `2026-02-0${i + 1}T10:00:00Z`, lines: [{ sku, quantity }] };
            await recordReturn(db, { key: named(`steps-${i}`), order: named('steps'), ...returned });
            final.returns.push({ key: named(`once-${i}`), order: named('once'), ...returned });
          }
        });
      }
      await write('once', { ...final.edits, ...(final.payments.length > 0 && { payments: final.payments }) });
      // An edit may leave fewer units than an unreceived return asks for. Such an end state cannot be written at once.
      for (const returned of final.returns) fc.pre(await tried(() => recordReturn(db, returned)));

      expect(await stateOf(db, 'steps')).toEqual(await stateOf(db, 'once'));
      expect((await verifyStatistics(db)).differences).toEqual([]);
      expect((await write('steps', final.edits)).outcome).toBe('NOOP');
    }),
    { numRuns: 40 },
  );
});

async function tried(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}
