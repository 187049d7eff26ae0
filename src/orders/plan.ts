import type { Prisma } from '../db/generated/prisma/client.ts';
import { changedAt, differs, keep } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { type Amount, amount, sum, zero } from '../lib/money.ts';
import { checkVersion } from '../lib/versions.ts';
import type { Outcome } from '../lib/written.ts';
import type { OrderInput } from './input.ts';
import { replacedParts } from './parts.ts';

export const withDetails = { lines: true, payments: true, fulfillments: true } as const;
export type StoredOrder = Prisma.OrderGetPayload<{ include: typeof withDetails }>;

/** What the keys of one order stand for. */
export type OrderReferences = {
  customerId: string | null | undefined;
  locationId: string | null | undefined;
  lines: { productId: string | null; variantId: string | null; title: string }[];
};

export type OrderPlan = {
  id: string;
  outcome: Outcome;
  row: ReturnType<typeof orderRow> & { changedAt: Date | null };
  lines: { added: { productId: string | null; quantity: number }[]; changed: { id: string }[]; removed: string[] };
  payments: object[] | null;
  fulfillments: object[] | null;
  /** Who and what must be recounted afterwards. */
  customerIds: string[];
  productIds: string[];
};

/** Compares what is wanted with what is stored; null stored makes a new order. Throws what breaks a rule. */
export function planOrder(input: OrderInput, references: OrderReferences, stored: StoredOrder | null): OrderPlan {
  if (!stored && input.key.id) throw new DomainError('NOT_FOUND', 'No such order.', { field: ['key', 'id'] });
  checkVersion(input.expectedVersion, stored);
  const lineTotals = (input.lines ?? []).map(({ unitPrice, quantity }) => unitPrice.times(quantity));
  const row = orderRow(input, lineTotals, references, stored);
  const lines = planLines(input, lineTotals, references, row, stored);

  const own = { orderId: row.id };
  const payments = replacedParts(input.payments, stored?.payments, isSamePayment);
  const fulfillments = replacedParts(input.fulfillments, stored?.fulfillments, isSameFulfillment);

  const linesChanged = lines.added.length + lines.changed.length + lines.removed.length > 0;
  const changed = linesChanged || payments || fulfillments || differs(row, stored ?? {});
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
        occurredAt: payment.occurredAt ?? before?.occurredAt ?? row.placedAt,
        currencyCode: row.currencyCode,
      })) ?? null,
    fulfillments:
      fulfillments?.map(({ row: rest }) => ({ ...own, id: newId(), ...rest, createdAt: new Date() })) ?? null,
    customerIds: [row.customerId, stored?.customerId].filter((id) => typeof id === 'string'),
    productIds: [...references.lines, ...(stored?.lines ?? [])].flatMap(({ productId }) => productId ?? []),
  };
}

function orderRow(
  input: OrderInput,
  lineTotals: Amount[],
  { customerId, locationId }: OrderReferences,
  stored: StoredOrder | null,
) {
  const placedAt = keep(input.placedAt, stored?.placedAt);
  const currencyCode = keep(input.currencyCode, stored?.currencyCode);
  if (!placedAt) throw invalid('A new order needs the instant it was placed.', 'placedAt');
  if (!currencyCode) throw invalid('A new order needs its currency.', 'currencyCode');
  const { externalId } = input.key;
  const source = stored?.source ?? externalId?.source ?? null;
  const externalValue = stored?.externalId ?? externalId?.value ?? null;
  const money = totals(input, lineTotals, stored);
  return {
    id: stored?.id ?? newId(),
    number: keep(input.number, stored?.number) ?? externalValue ?? '',
    source,
    externalId: externalValue,
    customerId: keep(customerId, stored?.customerId),
    locationId: keep(locationId, stored?.locationId),
    channel: keep(input.channel, stored?.channel) ?? 'OTHER',
    placedAt,
    currencyCode,
    ...money,
    status: keep(input.status, stored?.status) ?? 'UNFULFILLED',
    paymentStatus:
      input.paymentStatus ??
      (input.payments === undefined ? stored?.paymentStatus : null) ??
      paymentStatusOf(input.payments ?? [], money.total),
    cancelReason: keep(input.cancelReason, stored?.cancelReason),
    shippingAddress: keep(input.shippingAddress, stored?.shippingAddress),
    note: keep(input.note, stored?.note),
  };
}

type Payment = NonNullable<OrderInput['payments']>[number];
type Fulfillment = NonNullable<OrderInput['fulfillments']>[number];

// One that does not say when it was may be of any instant.
function isSamePayment({ kind, method, amount: paid, occurredAt }: Payment, before: StoredOrder['payments'][number]) {
  return (
    kind === before.kind &&
    method === before.method &&
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

function totals(input: OrderInput, lineTotals: Amount[], stored: StoredOrder | null) {
  const [discount, shipping, tax] = (['discount', 'shipping', 'tax'] as const).map((part) => {
    const given = keep(input[part], stored && amount(stored[part]));
    return given ?? zero;
  }) as [Amount, Amount, Amount];
  const extras = shipping.plus(tax).minus(discount);
  const hasLines = input.lines ? input.lines.length > 0 : (stored?.lines.length ?? 0) > 0;
  const lineSum = input.lines ? sum(lineTotals) : stored && amount(stored.subtotal);

  if (!hasLines && !lineSum && !input.total) throw invalid('A new order needs lines or a total.', 'total');
  const subtotal = hasLines || !input.total ? (lineSum ?? zero) : input.total.minus(extras);
  const total = subtotal.plus(extras);
  if (input.total && !input.total.equals(total)) {
    throw invalid(
      `Says ${input.total.toFixed()}, but lines, discount, shipping and tax add up to ${total.toFixed()}.`,
      'total',
    );
  }
  if (total.isNegative() || subtotal.isNegative())
    throw invalid('The discount is more than there is to pay.', 'discount');
  return { subtotal, discount, shipping, tax, total };
}

function paymentStatusOf(payments: { kind: string; amount: Amount }[], total: Amount) {
  const [paid, refunded] = ['PAYMENT', 'REFUND'].map((kind) =>
    sum(payments.filter((each) => each.kind === kind).map((each) => each.amount)),
  );
  if (!paid || !refunded || paid.isZero()) return 'PENDING';
  if (refunded.gte(paid)) return 'REFUNDED';
  if (refunded.gt(0)) return 'PARTIALLY_REFUNDED';
  return paid.gte(total) ? 'PAID' : 'PARTIALLY_PAID';
}

// Lines keep their ids place by place, since returns refer to them.
function planLines(
  input: OrderInput,
  lineTotals: Amount[],
  references: OrderReferences,
  { id: orderId, customerId }: { id: string; customerId: string | null },
  stored: StoredOrder | null,
): OrderPlan['lines'] {
  const before = new Map(stored?.lines.map((line) => [line.position, line]));
  if (!input.lines) {
    const moved = stored && stored.customerId !== customerId ? stored.lines.map(({ id }) => ({ id, customerId })) : [];
    return { added: [], changed: moved, removed: [] };
  }
  const rows = input.lines.map((line, position) => ({
    id: before.get(position)?.id ?? newId(),
    orderId,
    customerId,
    position,
    productId: references.lines[position]?.productId ?? null,
    variantId: references.lines[position]?.variantId ?? null,
    sku: line.sku ?? null,
    title: references.lines[position]?.title ?? '',
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    total: lineTotals[position] ?? zero,
    returnedQuantity: before.get(position)?.returnedQuantity ?? 0,
  }));
  const surplus = [...before.values()].filter(({ position }) => position >= rows.length);
  if (surplus.some(({ returnedQuantity }) => returnedQuantity > 0)) {
    throw new DomainError('CONFLICT', 'A line that was returned cannot be taken away.', { field: ['lines'] });
  }
  return {
    added: rows.filter(({ position }) => !before.has(position)),
    changed: rows.filter((row) => before.has(row.position) && differs(row, before.get(row.position) ?? {})),
    removed: surplus.map(({ id }) => id),
  };
}
