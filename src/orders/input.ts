import * as z from 'zod';
import { customerKeyInput } from '../customers/identity/keys.ts';
import { entityKey, externalIdInput } from '../db/entity-keys.ts';
import {
  FulfillmentStatus,
  OrderStatus,
  PaymentKind,
  PaymentStatus,
  ReturnKind,
  ReturnStatus,
  SalesChannel,
} from '../db/generated/prisma/enums.ts';
import {
  countryCode,
  currencyCode,
  idOf,
  instant,
  listOf,
  name,
  pastInstant,
  positiveDecimal,
  text,
} from '../lib/fields.ts';
import { expectedVersion } from '../lib/versions.ts';

const quantity = z.int().min(1, '`quantity` must be at least 1.').max(10_000_000);

const lineInput = z
  .strictObject({
    id: idOf('OrderLine').nullish(),
    externalId: externalIdInput.nullish(),
    product: entityKey('Product').nullish(),
    sku: name(200).nullish(),
    title: name(500).nullish(),
    quantity,
    unitPrice: positiveDecimal(),
    total: positiveDecimal().nullish(),
  })
  .refine(({ product, title }) => Boolean(product) || Boolean(title), 'An order line requires `product` or `title`.');

export const paymentInput = z.strictObject({
  externalId: externalIdInput.nullish(),
  kind: z.enum(PaymentKind),
  method: name(100),
  paymentMethod: entityKey('PaymentMethod').nullish(),
  amount: positiveDecimal(),
  occurredAt: pastInstant().nullish(),
});

export const fulfillmentInput = z.strictObject({
  externalId: externalIdInput.nullish(),
  status: z.enum(FulfillmentStatus),
  carrier: name(200).nullish(),
  trackingNumber: name(200).nullish(),
  shippedAt: pastInstant().nullish(),
  deliveredAt: pastInstant().nullish(),
});

export const shippingAddress = z.strictObject({
  lines: listOf(name(300), 5),
  city: name(200).nullish(),
  region: name(200).nullish(),
  postalCode: name(40).nullish(),
  countryCode: countryCode().nullish(),
});

/**
 * Input of an order write. Omitted fields keep their value, and null clears them. Lines, payments and fulfillments
 * replace the stored ones.
 */
export const orderInput = z.strictObject({
  key: entityKey('Order'),
  number: name(100).nullish(),
  customer: customerKeyInput.nullish(),
  location: entityKey('Location').nullish(),
  channel: z.enum(SalesChannel).nullish(),
  placedAt: pastInstant().nullish(),
  currencyCode: currencyCode().nullish(),
  lines: listOf(lineInput, 5_000).nullish(),
  discount: positiveDecimal().nullish(),
  shipping: positiveDecimal().nullish(),
  tax: positiveDecimal().nullish(),
  total: positiveDecimal().nullish(),
  status: z.enum(OrderStatus).nullish(),
  paymentStatus: z.enum(PaymentStatus).nullish(),
  cancelReason: text(1_000).nullish(),
  shippingAddress: shippingAddress.nullish(),
  note: text(10_000).nullish(),
  payments: listOf(paymentInput, 500).nullish(),
  fulfillments: listOf(fulfillmentInput, 500).nullish(),
  changedAt: instant().nullish(),
  expectedVersion,
});

export type OrderInput = z.output<typeof orderInput>;

const returnLineInput = z
  .strictObject({
    orderLine: idOf('OrderLine').nullish(),
    orderLineExternalId: externalIdInput.nullish(),
    sku: name(200).nullish(),
    title: name(500).nullish(),
    quantity,
    total: positiveDecimal().nullish(),
    replacementVariant: idOf('ProductVariant').nullish(),
  })
  .refine(
    (line) => line.orderLine || line.orderLineExternalId || line.sku || line.title,
    'A return line requires `orderLine`, `orderLineExternalId`, `sku` or `title`.',
  );

/** Input of a return: of an order, or of a customer if the source does not name the order. */
export const returnInput = z.strictObject({
  expectedVersion,
  key: entityKey('Return').nullish(),
  order: entityKey('Order').nullish(),
  customer: customerKeyInput.nullish(),
  kind: z.enum(ReturnKind).nullish(),
  status: z.enum(ReturnStatus).nullish(),
  reason: text(1_000).nullish(),
  occurredAt: pastInstant().nullish(),
  currencyCode: currencyCode().nullish(),
  refundAmount: positiveDecimal().nullish(),
  paymentMethod: entityKey('PaymentMethod').nullish(),
  lines: listOf(returnLineInput, 5_000).nullish(),
  changedAt: instant().nullish(),
});

export type ReturnInput = z.output<typeof returnInput>;
