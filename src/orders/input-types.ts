import { CustomerKeyInput } from '../customers/input-types.ts';
import { builder } from '../graphql/builder.ts';
import { changedAt, ExternalIdInput, expectedVersion, keyInput } from '../graphql/keys.ts';
import { ProductKeyInput } from '../products/schema.ts';
import {
  FulfillmentStatusEnum,
  OrderStatusEnum,
  PaymentKindEnum,
  PaymentStatusEnum,
  ReturnKindEnum,
  ReturnStatusEnum,
  SalesChannelEnum,
} from './enums.ts';
import { LocationKeyInput } from './locations-schema.ts';
import { OrderKeyInput } from './schema.ts';

const OrderLineInput = builder.inputType('OrderLineInput', {
  description:
    'One product of an order, as it was sold. It needs a product or a title. A line that the order has already is found by `id`, else by ' +
    '`externalId`, else by the best match of SKU, title and price; its position does not matter.',
  fields: (t) => ({
    id: t.id({ description: 'ID of a line of this order. NOT_FOUND if the order has no such line.' }),
    externalId: t.field({
      type: ExternalIdInput,
      description: 'ID of the line in another system; unique within the order.',
    }),
    product: t.field({
      type: ProductKeyInput,
      description: 'NOT_FOUND where there is no such product. Left out: no product (postage).',
    }),
    sku: t.string({ description: 'Stock-keeping unit; finds the variant of the product.' }),
    title: t.string({ description: 'Its name as it was sold. Unless told, the product’s.' }),
    quantity: t.int({
      required: true,
      description: 'How many; at least 1. CONFLICT if fewer than were returned.',
    }),
    unitPrice: t.field({
      type: 'Decimal',
      required: true,
      description: 'The price of one, in the order’s currency; not negative.',
    }),
    total: t.field({
      type: 'Decimal',
      description:
        'What the line came to, in the order’s currency. Defaults to `quantity` times `unitPrice`, and may differ from it by rounding only.',
    }),
  }),
});

const OrderPaymentInput = builder.inputType('OrderPaymentInput', {
  description: 'Money for an order, in its currency.',
  fields: (t) => ({
    externalId: t.field({ type: ExternalIdInput, description: 'What another system calls it.' }),
    kind: t.field({ type: PaymentKindEnum, required: true, description: 'Which way the money went.' }),
    method: t.string({ required: true, description: 'How: "credit_card", "paypal".' }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description:
        'Amount, not negative, with at most the decimals of the currency. Refunds must not be more than payments.',
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When the money moved; not in the future. Defaults to when the order was placed.',
    }),
  }),
});

const OrderFulfillmentInput = builder.inputType('OrderFulfillmentInput', {
  description: 'Goods of an order on their way.',
  fields: (t) => ({
    externalId: t.field({ type: ExternalIdInput, description: 'What another system calls it.' }),
    status: t.field({ type: FulfillmentStatusEnum, required: true, description: 'How far they have got.' }),
    carrier: t.string({ description: 'Who carries them.' }),
    trackingNumber: t.string({ description: 'Tracking number.' }),
    shippedAt: t.field({ type: 'DateTime', description: 'When they were sent.' }),
    deliveredAt: t.field({ type: 'DateTime', description: 'When they arrived.' }),
  }),
});

const ShippingAddressInput = builder.inputType('ShippingAddressInput', {
  description: 'Where an order goes, kept as it is at the time.',
  fields: (t) => ({
    lines: t.stringList({ required: true, description: 'Street and whatever else comes before the city; up to 5.' }),
    city: t.string({ description: 'City.' }),
    region: t.string({ description: 'State, province or voivodeship.' }),
    postalCode: t.string({ description: 'Postal code.' }),
    countryCode: t.field({ type: 'CountryCode', description: 'Country.' }),
  }),
});

export const UpsertOrderInput = builder.inputType('UpsertOrderInput', {
  description: 'An order as it shall be. What is left out stays as it is; null takes it away.',
  fields: (t) => ({
    key: t.field({
      type: OrderKeyInput,
      required: true,
      description: 'Which. An unknown external id makes a new one.',
    }),
    number: t.string({ description: 'What people call it by. Unless told, its external id.' }),
    customer: t.field({
      type: CustomerKeyInput,
      description: 'Who bought it; NOT_FOUND where unknown. Left out or null: a guest.',
    }),
    location: t.field({ type: LocationKeyInput, description: 'The branch or shop; NOT_FOUND where unknown.' }),
    channel: t.field({ type: SalesChannelEnum, description: 'Where it was bought. Unless told, OTHER.' }),
    placedAt: t.field({
      type: 'DateTime',
      description: 'When the order was placed; not in the future. Required for a new order.',
    }),
    currencyCode: t.field({
      type: 'CurrencyCode',
      description:
        'Currency of all its amounts. Required for a new order. A correction applies to its payments and returns as well.',
    }),
    lines: t.field({
      type: [OrderLineInput],
      description:
        'All that was bought, up to 5,000 lines. Lines that are left out are removed; CONFLICT if a return names one of them.',
    }),
    discount: t.field({ type: 'Decimal', description: 'What was taken off; not negative.' }),
    shipping: t.field({ type: 'Decimal', description: 'What sending it cost the customer; not negative.' }),
    tax: t.field({ type: 'Decimal', description: 'Tax on top of the lines; not negative.' }),
    total: t.field({
      type: 'Decimal',
      description:
        'Amount to pay. Lines less discount, plus shipping and tax, must add up to it, give or take rounding. Defaults to that sum.',
    }),
    status: t.field({
      type: OrderStatusEnum,
      description: 'Status before returns, which change it by themselves. Defaults to UNFULFILLED.',
    }),
    paymentStatus: t.field({
      type: PaymentStatusEnum,
      description:
        'Payment status where no payments are recorded. Where some are, it follows from them and the total, and this is ignored.',
    }),
    cancelReason: t.string({ description: 'Why it was called off.' }),
    shippingAddress: t.field({ type: ShippingAddressInput, description: 'Where it goes.' }),
    note: t.string({ description: 'Anything to note; up to 10,000 characters.' }),
    payments: t.field({ type: [OrderPaymentInput], description: 'Replace those there are.' }),
    fulfillments: t.field({ type: [OrderFulfillmentInput], description: 'Replace those there are.' }),
    changedAt: changedAt(t),
    expectedVersion: expectedVersion(t),
  }),
});

export const RecordPaymentInput = builder.inputType('RecordPaymentInput', {
  description: 'Money that came in for an order, or went back.',
  fields: (t) => ({
    order: t.field({ type: OrderKeyInput, required: true, description: 'Which order.' }),
    externalId: t.field({
      type: ExternalIdInput,
      description:
        'ID of the payment in another system. It is recorded once, however often it is sent; CONFLICT if another kind or amount is recorded.',
    }),
    kind: t.field({ type: PaymentKindEnum, required: true, description: 'Which way the money went.' }),
    method: t.string({ required: true, description: 'How: "credit_card", "paypal".' }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description:
        'Amount in the order’s currency, not negative, with at most its decimals. A refund must not be more than was paid and not refunded yet.',
    }),
    currencyCode: t.field({ type: 'CurrencyCode', description: 'If given, it must be the order’s.' }),
    occurredAt: t.field({ type: 'DateTime', description: 'When. Unless told, now.' }),
  }),
});

export const RecordFulfillmentInput = builder.inputType('RecordFulfillmentInput', {
  description: 'Goods of an order on their way, or how far a known shipment has got.',
  fields: (t) => ({
    order: t.field({ type: OrderKeyInput, required: true, description: 'Which order.' }),
    externalId: t.field({
      type: ExternalIdInput,
      description: 'What another system calls the shipment; finds it again.',
    }),
    status: t.field({ type: FulfillmentStatusEnum, required: true, description: 'How far they have got.' }),
    carrier: t.string({ description: 'Who carries them.' }),
    trackingNumber: t.string({ description: 'Tracking number.' }),
    shippedAt: t.field({ type: 'DateTime', description: 'When they were sent.' }),
    deliveredAt: t.field({ type: 'DateTime', description: 'When they arrived.' }),
    completesOrder: t.boolean({ description: 'Whether nothing is left to be sent. Unless told, nothing is.' }),
  }),
});

const ReturnLineInput = builder.inputType('ReturnLineInput', {
  description:
    'One kind of goods that come back. It needs an order line, a SKU or a title. Where the order and its lines are known, it must be among them.',
  fields: (t) => ({
    orderLine: t.id({ description: 'ID of the order line. NOT_FOUND if the order has no such line.' }),
    orderLineExternalId: t.field({
      type: ExternalIdInput,
      description: 'ID of the order line in another system. NOT_FOUND if the order has no such line.',
    }),
    sku: t.string({
      description:
        'Stock-keeping unit. Without an ID, finds the lines of the order; a quantity is spread over several if needed. NOT_FOUND if none has it.',
    }),
    title: t.string({
      description:
        'Name of the goods; defaults to the title of the order line. Without an ID or SKU, finds the lines with exactly this title.',
    }),
    quantity: t.int({
      required: true,
      description: 'How many; at least 1. INVALID_INPUT if more than were bought and not returned yet.',
    }),
    total: t.field({
      type: 'Decimal',
      description:
        'What they are worth together. Defaults to what the customer paid for them: net of the order’s discount, with its tax.',
    }),
    replacementVariant: t.id({ description: 'The variant wanted in exchange.' }),
  }),
});

export const RecordReturnInput = builder.inputType('RecordReturnInput', {
  description: 'Goods that come back. What is left out of a known return stays as it is; null takes it away.',
  fields: (t) => ({
    key: t.field({ type: keyInput('Return'), description: 'Which return. Left out: a new one.' }),
    order: t.field({ type: OrderKeyInput, description: 'Of which order.' }),
    customer: t.field({ type: CustomerKeyInput, description: 'Whose, where the order is not known.' }),
    kind: t.field({ type: ReturnKindEnum, description: 'Unless told, RETURN.' }),
    status: t.field({ type: ReturnStatusEnum, description: 'Unless told, REQUESTED. It counts from RECEIVED on.' }),
    reason: t.string({ description: 'Why, in their words.' }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When it was asked for, or happened; not in the future. Required for a new return.',
    }),
    currencyCode: t.field({ type: 'CurrencyCode', description: 'Needed where the order is not known.' }),
    refundAmount: t.field({
      type: 'Decimal',
      description: 'Amount given back. Defaults to what the lines are worth; for an EXCHANGE, to nothing.',
    }),
    lines: t.field({ type: [ReturnLineInput], description: 'What comes back; replace those there are.' }),
    changedAt: changedAt(t),
    expectedVersion: expectedVersion(t),
  }),
});
