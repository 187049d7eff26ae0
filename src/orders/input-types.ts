import { CustomerKeyInput } from '../customers/input-types.ts';
import { builder } from '../graphql/builder.ts';
import { changedAt, ExternalIdInput, expectedVersion, keyInput } from '../graphql/mutations/keys.ts';
import {
  FulfillmentStatusEnum,
  OrderStatusEnum,
  PaymentKindEnum,
  PaymentStatusEnum,
  SalesChannelEnum,
} from './enums.ts';

const OrderLineInput = builder.inputType('OrderLineInput', {
  description:
    'Item of an order, as it was sold. Requires `product` or `title`. A stored line is matched by `id`, or ' +
    'else by `externalId`, or else by SKU, title and price as closely as possible. The position of the line ' +
    'does not matter.',
  fields: (t) => ({
    id: t.id({
      description: 'ID of a stored line of this order. Fails with `NOT_FOUND` if the order has no such line.',
    }),
    externalId: t.field({
      type: ExternalIdInput,
      description: 'ID of the line in another system. Unique within the order.',
    }),
    product: t.field({
      type: keyInput('Product'),
      description: 'Product that was sold. Fails with `NOT_FOUND` if unknown. Omit it for lines such as postage.',
    }),
    sku: t.string({ description: 'Stock-keeping unit. Identifies the variant of `product`.' }),
    title: t.string({
      description:
        'Name of the item at the time of sale. Defaults to the stored title, or else to the title of `product`.',
    }),
    quantity: t.int({
      required: true,
      description:
        'Number of units, at least 1. Fails with `CONFLICT` if it is less than the number of units already returned.',
    }),
    unitPrice: t.field({
      type: 'Decimal',
      required: true,
      description: 'Price per unit, in the currency of the order. Cannot be negative.',
    }),
    total: t.field({
      type: 'Decimal',
      description:
        'Line total, in the currency of the order. Defaults to `quantity` times `unitPrice`, and may differ from ' +
        'it only by rounding.',
    }),
  }),
});

const OrderPaymentInput = builder.inputType('OrderPaymentInput', {
  description: 'Payment or refund for an order, in the currency of the order.',
  fields: (t) => ({
    externalId: t.field({ type: ExternalIdInput, description: 'ID of the payment in another system.' }),
    kind: t.field({ type: PaymentKindEnum, required: true, description: 'Whether this is a payment or a refund.' }),
    method: t.string({ required: true, description: 'Payment method, such as "credit_card" or "paypal".' }),
    paymentMethod: t.field({
      type: keyInput('PaymentMethod'),
      description:
        'Key of the customer’s payment method. Fails with `NOT_FOUND` if unknown, and with `INVALID_INPUT` if it ' +
        'belongs to another customer. The balance of a gift card does not change.',
    }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description:
        'Amount with at most as many decimal places as the currency has. Cannot be negative. The sum of the ' +
        'refunds cannot exceed the sum of the payments.',
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description:
        'When the payment or refund took place. Cannot be in the future. Defaults to when the order was placed.',
    }),
  }),
});

const OrderFulfillmentInput = builder.inputType('OrderFulfillmentInput', {
  description: 'Shipment of goods from an order.',
  fields: (t) => ({
    externalId: t.field({ type: ExternalIdInput, description: 'ID of the shipment in another system.' }),
    status: t.field({ type: FulfillmentStatusEnum, required: true, description: 'Delivery status of the shipment.' }),
    carrier: t.string({ description: 'Company that carries the shipment.' }),
    trackingNumber: t.string({ description: 'Tracking number from the carrier.' }),
    shippedAt: t.field({ type: 'DateTime', description: 'When the shipment was sent. Cannot be in the future.' }),
    deliveredAt: t.field({ type: 'DateTime', description: 'When the shipment arrived. Cannot be in the future.' }),
  }),
});

export const ShippingAddressInput = builder.inputType('ShippingAddressInput', {
  description: 'Shipping address of an order, stored as a snapshot.',
  fields: (t) => ({
    lines: t.stringList({ required: true, description: 'Street and other lines before the city, up to 5.' }),
    city: t.string({ description: 'City or town of the address.' }),
    region: t.string({ description: 'State, province or voivodeship.' }),
    postalCode: t.string({ description: 'Postal or ZIP code of the address.' }),
    countryCode: t.field({ type: 'CountryCode', description: 'Country of the address.' }),
  }),
});

export const UpsertOrderInput = builder.inputType('UpsertOrderInput', {
  description: 'Order to create or update. Omitted fields keep their value; `null` clears them.',
  fields: (t) => ({
    key: t.field({
      type: keyInput('Order'),
      required: true,
      description: 'Key of the order. An unknown external ID creates a new order.',
    }),
    number: t.string({ description: 'Human-readable order number. Defaults to the external ID.' }),
    customer: t.field({
      type: CustomerKeyInput,
      description:
        'Customer who placed the order. Null for a guest, which is the default for a new order. Fails with ' +
        '`NOT_FOUND` if unknown.',
    }),
    location: t.field({
      type: keyInput('Location'),
      description: 'Branch or shop where the order was placed. Fails with `NOT_FOUND` if unknown.',
    }),
    channel: t.field({
      type: SalesChannelEnum,
      description: 'Channel the order was placed through. Defaults to `OTHER`.',
    }),
    placedAt: t.field({
      type: 'DateTime',
      description: 'When the order was placed. Cannot be in the future. Required for a new order.',
    }),
    currencyCode: t.field({
      type: 'CurrencyCode',
      description:
        'Currency of all amounts of the order. Required for a new order. Changing it also changes the currency ' +
        'of the order’s payments and returns.',
    }),
    lines: t.field({
      type: [OrderLineInput],
      description:
        'All lines of the order, up to 5,000. Omitted lines are removed, which fails with `CONFLICT` if a return ' +
        'refers to one of them.',
    }),
    discount: t.field({ type: 'Decimal', description: 'Discount on the whole order. Cannot be negative.' }),
    shipping: t.field({ type: 'Decimal', description: 'Shipping cost charged to the customer. Cannot be negative.' }),
    tax: t.field({ type: 'Decimal', description: 'Tax added on top of the lines. Cannot be negative.' }),
    total: t.field({
      type: 'Decimal',
      description:
        'Amount to pay. Must equal the sum of the lines minus the discount, plus shipping and tax, except for ' +
        'rounding. Defaults to that amount.',
    }),
    status: t.field({
      type: OrderStatusEnum,
      description:
        'Status of the order, not counting returns. Returns update the status automatically. Defaults to ' +
        '`UNFULFILLED`.',
    }),
    paymentStatus: t.field({
      type: PaymentStatusEnum,
      description:
        'Payment status of an order without recorded payments. Ignored if payments are recorded, because they ' +
        'and the total then determine the status.',
    }),
    cancelReason: t.string({ description: 'Reason the order was canceled, up to 1,000 characters.' }),
    shippingAddress: t.field({ type: ShippingAddressInput, description: 'Address the order ships to.' }),
    note: t.string({ description: 'Note about the order, up to 10,000 characters.' }),
    payments: t.field({
      type: [OrderPaymentInput],
      description: 'Payments and refunds of the order, up to 500. They replace the current payments and refunds.',
    }),
    fulfillments: t.field({
      type: [OrderFulfillmentInput],
      description: 'Shipments of the order, up to 500. They replace the current shipments.',
    }),
    changedAt: changedAt(t),
    expectedVersion: expectedVersion(t),
  }),
});

export const RecordPaymentInput = builder.inputType('RecordPaymentInput', {
  description: 'Payment or refund to record for an order.',
  fields: (t) => ({
    order: t.field({
      type: keyInput('Order'),
      required: true,
      description: 'Key of the order that was paid or refunded.',
    }),
    externalId: t.field({
      type: ExternalIdInput,
      description:
        'ID of the payment in another system. Sending the same ID again records nothing. Fails with `CONFLICT` ' +
        'if the recorded payment has another kind or amount.',
    }),
    kind: t.field({ type: PaymentKindEnum, required: true, description: 'Whether this is a payment or a refund.' }),
    method: t.string({ required: true, description: 'Payment method, such as "credit_card" or "paypal".' }),
    paymentMethod: t.field({
      type: keyInput('PaymentMethod'),
      description:
        'Key of the customer’s payment method. Fails with `NOT_FOUND` if unknown, and with `INVALID_INPUT` if it ' +
        'belongs to another customer. The balance of a gift card does not change.',
    }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description:
        'Amount in the currency of the order, with at most as many decimal places as the currency has. Cannot be ' +
        'negative. A refund cannot exceed the amount that was paid and has not been refunded yet.',
    }),
    currencyCode: t.field({
      type: 'CurrencyCode',
      description: 'Currency of the amount. Must be the currency of the order, which is the default.',
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When the payment or refund took place. Cannot be in the future. Defaults to now.',
    }),
  }),
});

export const RecordFulfillmentInput = builder.inputType('RecordFulfillmentInput', {
  description: 'Shipment of an order, to record or update.',
  fields: (t) => ({
    order: t.field({ type: keyInput('Order'), required: true, description: 'Key of the order that is shipped.' }),
    externalId: t.field({
      type: ExternalIdInput,
      description: 'ID of the shipment in another system. A known ID updates the recorded shipment.',
    }),
    status: t.field({ type: FulfillmentStatusEnum, required: true, description: 'Delivery status of the shipment.' }),
    carrier: t.string({ description: 'Company that carries the shipment.' }),
    trackingNumber: t.string({ description: 'Tracking number from the carrier.' }),
    shippedAt: t.field({ type: 'DateTime', description: 'When the shipment was sent. Cannot be in the future.' }),
    deliveredAt: t.field({ type: 'DateTime', description: 'When the shipment arrived. Cannot be in the future.' }),
    completesOrder: t.boolean({
      description: 'Whether this shipment completes the order, so that nothing is left to ship. Defaults to true.',
    }),
  }),
});
