import { changedAt, differs, keep } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { amount, decimalsOf } from '../lib/money.ts';
import type { Outcome } from '../lib/upsert-result.ts';
import { checkVersion } from '../lib/versions.ts';
import type { OrderInput } from './input.ts';
import { type LinesPlan, planLines } from './lines.ts';
import { replacedParts } from './parts.ts';
import { settledBy } from './payments/payment-status.ts';
import { checkMethod, type OrderReferences } from './references.ts';
import type { StoredOrder } from './stored-order.ts';
import { bounded, lineTotals, orderTotals, paidAmount } from './totals.ts';

export type OrderPlan = {
  id: string;
  outcome: Outcome;
  row: ReturnType<typeof orderRow> & { changedAt: Date | null };
  lines: LinesPlan;
  payments: object[] | null;
  fulfillments: object[] | null;
  /** Customers and products to recount afterwards. */
  customerIds: string[];
  productIds: string[];
};

/** Compares the input with the stored order; null plans a new one. Throws if the input breaks a rule. */
export function planOrder(input: OrderInput, references: OrderReferences, stored: StoredOrder | null): OrderPlan {
  if (!stored && input.key.id) throw new DomainError('NOT_FOUND', 'No order has this ID.', { field: ['key', 'id'] });
  checkVersion(input.expectedVersion, stored);
  const placedAt = keep(input.placedAt, stored?.placedAt);
  const currencyCode = keep(input.currencyCode, stored?.currencyCode);
  if (!placedAt) throw invalid('An order requires `placedAt`, the time it was placed.', 'placedAt');
  if (!currencyCode) throw invalid('An order requires `currencyCode`, the currency of its amounts.', 'currencyCode');
  const totals = lineTotals(input.lines ?? [], currencyCode);
  const amounts = orderTotals(input, totals, currencyCode, stored);
  const row = orderRow(input, { placedAt, currencyCode, ...amounts }, references, stored);
  checkPayments(input, row, stored);
  const lines = planLines(input.lines, totals, references.lines, row, stored);

  const own = { orderId: row.id, customerId: row.customerId };
  const payments = replacedParts(paymentsOf(input, references, row.customerId), stored?.payments, isSamePayment);
  const fulfillments = replacedParts(input.fulfillments, stored?.fulfillments, isSameFulfillment);

  const linesChanged = lines.added.length + lines.changed.length + lines.removed.length > 0;
  const changed = stored && (linesChanged || payments || fulfillments || differs(row, stored));
  return {
    id: row.id,
    outcome: stored ? (changed ? 'UPDATED' : 'NOOP') : 'CREATED',
    row: { ...row, changedAt: stored && changed ? changedAt(stored.changedAt, input.changedAt) : null },
    lines,
    payments:
      payments?.map(({ row: payment, before }) => ({
        ...own,
        id: newId(),
        ...payment,
        paymentMethodId: payment.paymentMethodId ?? before?.paymentMethodId ?? null,
        occurredAt: payment.occurredAt ?? before?.occurredAt ?? row.placedAt,
        currencyCode: row.currencyCode,
      })) ?? null,
    fulfillments:
      fulfillments?.map(({ row: rest }) => ({ ...own, id: newId(), ...rest, createdAt: new Date() })) ?? null,
    customerIds: [row.customerId, stored?.customerId].filter((id) => typeof id === 'string'),
    productIds: [...references.lines, ...(stored?.lines ?? [])].flatMap(({ productId }) => productId ?? []),
  };
}

type Known = { placedAt: Date; currencyCode: string } & ReturnType<typeof orderTotals>;

// The columns that callers write. Columns derived from them, from payments or from returns are not included.
function orderRow(
  input: OrderInput,
  known: Known,
  { customerId, locationId }: OrderReferences,
  stored: StoredOrder | null,
) {
  const { externalId } = input.key;
  const source = stored?.source ?? externalId?.source ?? null;
  const externalValue = stored?.externalId ?? externalId?.value ?? null;
  return {
    id: stored?.id ?? newId(),
    number: keep(input.number, stored?.number) ?? externalValue ?? '',
    source,
    externalId: externalValue,
    customerId: keep(customerId, stored?.customerId),
    locationId: keep(locationId, stored?.locationId),
    channel: keep(input.channel, stored?.channel) ?? 'OTHER',
    ...known,
    statedStatus: keep(input.status, stored?.statedStatus) ?? 'UNFULFILLED',
    statedPaymentStatus: keep(input.paymentStatus, stored?.statedPaymentStatus),
    cancelReason: keep(input.cancelReason, stored?.cancelReason),
    shippingAddress: keep(input.shippingAddress, stored?.shippingAddress),
    note: keep(input.note, stored?.note),
  };
}

type Payment = Omit<NonNullable<OrderInput['payments']>[number], 'paymentMethod'> & { paymentMethodId: string | null };
type Fulfillment = NonNullable<OrderInput['fulfillments']>[number];

// Refunds must not exceed payments, and all amounts must be whole in the smallest unit of the currency.
function checkPayments(input: OrderInput, row: ReturnType<typeof orderRow>, stored: StoredOrder | null): void {
  const { currencyCode } = row;
  if (!input.payments) {
    if (input.payments === undefined && stored) checkStored(input, row, stored);
    return;
  }
  for (const [i, each] of input.payments.entries()) paidAmount(each.amount, currencyCode, 'payments', i, 'amount');
  const { paid, refunded } = settledBy(input.payments, row);
  bounded(paid, 'payments');
  if (refunded.gt(paid))
    throw invalid('Refunds must not exceed the amount paid. Send the payments as well.', 'payments');
}

// Stored payments that the input does not replace must still fit the order.
function checkStored(input: OrderInput, row: ReturnType<typeof orderRow>, stored: StoredOrder): void {
  const payments = stored.payments.map((each) => ({ kind: each.kind, amount: amount(each.amount) }));
  const { currencyCode } = row;
  if (
    currencyCode !== stored.currencyCode &&
    payments.some((each) => each.amount.decimalPlaces() > decimalsOf(currencyCode))
  ) {
    const message = `The payments of this order have too many decimal places for ${currencyCode}. Send the payments too.`;
    throw new DomainError('CONFLICT', message, { field: ['currencyCode'] });
  }
  const { paid, refunded } = settledBy(payments, row);
  const before = settledBy(payments, { ...stored, total: amount(stored.total) });
  if (refunded.gt(paid) && before.refunded.lte(before.paid))
    throw invalid(
      'The refunds of this order would exceed the amount paid. Send its payments as well.',
      input.paymentStatus === undefined ? 'total' : 'paymentStatus',
    );
}

// Replaces the key of the payment method of each payment by its ID.
function paymentsOf({ payments }: OrderInput, references: OrderReferences, customerId: string | null) {
  if (!payments) return payments;
  return payments.map(({ paymentMethod, ...payment }, i): Payment => {
    const found = references.paymentMethods[i] ?? null;
    if (paymentMethod) checkMethod(found, customerId, 'payments', i, 'paymentMethod');
    return { ...payment, paymentMethodId: found?.id ?? null };
  });
}

// A payment without a time matches any time, and one without a payment method matches any.
function isSamePayment(
  { kind, method, paymentMethodId, amount: paid, occurredAt }: Payment,
  before: StoredOrder['payments'][number],
) {
  return (
    kind === before.kind &&
    method === before.method &&
    (!paymentMethodId || paymentMethodId === before.paymentMethodId) &&
    (!occurredAt || occurredAt.getTime() === before.occurredAt.getTime()) &&
    amount(before.amount).equals(paid)
  );
}

function isSameFulfillment(given: Fulfillment, before: StoredOrder['fulfillments'][number]): boolean {
  return (
    given.status === before.status &&
    (given.carrier ?? null) === before.carrier &&
    (given.trackingNumber ?? null) === before.trackingNumber &&
    given.shippedAt?.getTime() === before.shippedAt?.getTime() &&
    given.deliveredAt?.getTime() === before.deliveredAt?.getTime()
  );
}
