import type * as z from 'zod';
import { problemsError } from '../../../lib/errors.ts';
import type { ImportItem, SourceRow } from '../../format.ts';
import type { KeyOf, order, product, user } from './source-types.ts';

// Maps the statuses of the source to ours. "pending (items modified)" and similar count as pending.
const statuses: Record<string, { order: string; fulfillment: string }> = {
  pending: { order: 'UNFULFILLED', fulfillment: 'PENDING' },
  processed: { order: 'FULFILLED', fulfillment: 'IN_TRANSIT' },
  delivered: { order: 'FULFILLED', fulfillment: 'DELIVERED' },
  cancelled: { order: 'CANCELED', fulfillment: 'CANCELED' },
  'return requested': { order: 'FULFILLED', fulfillment: 'DELIVERED' },
  'exchange requested': { order: 'FULFILLED', fulfillment: 'DELIVERED' },
};

const methodKinds = { gift_card: 'GIFT_CARD', credit_card: 'CREDIT_CARD', paypal: 'PAYPAL' };

export function* customerItems(
  { name, address, email, payment_methods }: z.output<typeof user>,
  userId: string,
  keyOf: KeyOf,
  row: SourceRow,
): Generator<ImportItem> {
  const key = keyOf(userId);
  const input = {
    key,
    givenName: name.first_name,
    familyName: name.last_name,
    contactPoints: [{ kind: 'EMAIL', value: email }],
    country: 'US',
    addresses: [{ kind: 'SHIPPING', ...addressOf(address) }],
  };
  yield { type: 'customer', key: { externalId: userId }, input, rows: [row] };
  for (const [externalId, { source, balance, brand, last_four }] of Object.entries(payment_methods)) {
    const method = {
      key: keyOf(externalId),
      customer: key,
      kind: methodKinds[source],
      brand,
      lastFour: last_four,
      ...(balance !== undefined && { balance: String(balance), currencyCode: 'USD' }),
    };
    yield { type: 'paymentMethod', key: { externalId }, input: method, rows: [], from: row };
  }
}

export function* productItems(
  { name, product_id, variants }: z.output<typeof product>,
  keyOf: KeyOf,
  row: SourceRow,
): Generator<ImportItem> {
  const input = {
    key: keyOf(product_id),
    title: name,
    variants: Object.values(variants).map(({ item_id, options, available, price }) => ({
      sku: item_id,
      options,
      price: String(price),
      currencyCode: 'USD',
      isAvailable: available,
    })),
  };
  yield { type: 'product', key: { externalId: product_id }, input, rows: [row] };
}

export function* orderItems(
  entry: z.output<typeof order>,
  keyOf: KeyOf,
  placedAt: Date,
  row: SourceRow,
): Generator<ImportItem> {
  const status = statuses[entry.status.replace(/ \(.*/, '')];
  if (!status) {
    const message = 'Unknown order status.';
    const error = problemsError([{ code: 'INVALID_INPUT', message, field: ['status'] }]);
    yield { error, rows: [row], type: 'order', key: { externalId: entry.order_id } };
    return;
  }
  const input = {
    key: keyOf(entry.order_id),
    customer: keyOf(entry.user_id),
    channel: 'WEB',
    placedAt,
    currencyCode: 'USD',
    status: status.order,
    cancelReason: entry.cancel_reason,
    shippingAddress: addressOf(entry.address),
    lines: entry.items.map(({ name, product_id, item_id, price }) => ({
      product: keyOf(product_id),
      sku: item_id,
      title: name,
      quantity: 1,
      unitPrice: String(price),
    })),
    payments: entry.payment_history.map(({ transaction_type, amount, payment_method_id }) => ({
      kind: transaction_type === 'payment' ? 'PAYMENT' : 'REFUND',
      method: payment_method_id.replace(/_\d+$/, ''),
      paymentMethod: keyOf(payment_method_id),
      amount: String(amount),
    })),
    fulfillments: entry.fulfillments.map(({ tracking_id }) => ({
      status: status.fulfillment,
      trackingNumber: tracking_id.join(', '),
    })),
  };
  yield { type: 'order', key: { externalId: entry.order_id }, input, rows: [row] };
}

function addressOf({ address1, address2, city, state, zip }: z.output<typeof user>['address']) {
  return { lines: [address1, address2].filter(Boolean), city, region: state, postalCode: zip, countryCode: 'US' };
}
