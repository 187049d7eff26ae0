import { CustomerKeyInput } from '../../customers/input-types.ts';
import { builder } from '../../graphql/builder.ts';
import { changedAt, ExternalIdInput, expectedVersion, keyInput } from '../../graphql/mutations/keys.ts';
import { ReturnKindEnum, ReturnStatusEnum } from '../enums.ts';

const ReturnLineInput = builder.inputType('ReturnLineInput', {
  description:
    'Returned goods of one kind. Requires an order line, a SKU or a title. If the lines of the order are known, ' +
    'the goods must be among them.',
  fields: (t) => ({
    orderLine: t.id({ description: 'ID of the order line. Fails with `NOT_FOUND` if the order has no such line.' }),
    orderLineExternalId: t.field({
      type: ExternalIdInput,
      description: 'ID of the order line in another system. Fails with `NOT_FOUND` if the order has no such line.',
    }),
    sku: t.string({
      description:
        'Stock-keeping unit. Without an ID, selects the lines of the order with this SKU and spreads the ' +
        'quantity over them if needed. Fails with `NOT_FOUND` if no line has this SKU.',
    }),
    title: t.string({
      description:
        'Name of the goods. Defaults to the title of the order line. Without an ID or SKU, selects the lines with ' +
        'exactly this title.',
    }),
    quantity: t.int({
      required: true,
      description:
        'Number of units, at least 1. Fails with `INVALID_INPUT` if it exceeds the number of units bought and ' +
        'not returned yet.',
    }),
    total: t.field({
      type: 'Decimal',
      description: 'Value of the goods. Defaults to the price paid for them, net of the order discount and with tax.',
    }),
    replacementVariant: t.id({ description: 'ID of the product variant wanted in exchange.' }),
  }),
});

export const RecordReturnInput = builder.inputType('RecordReturnInput', {
  description: 'Return to create or update. Omitted fields keep their value; `null` clears them.',
  fields: (t) => ({
    key: t.field({ type: keyInput('Return'), description: 'Key of the return. Omit it to create a new return.' }),
    order: t.field({ type: keyInput('Order'), description: 'Key of the order the goods came from.' }),
    customer: t.field({
      type: CustomerKeyInput,
      description: 'Customer who returns the goods, if the order is unknown.',
    }),
    kind: t.field({ type: ReturnKindEnum, description: 'Compensation the customer wants. Defaults to `RETURN`.' }),
    status: t.field({
      type: ReturnStatusEnum,
      description:
        'Status of the return. Defaults to `REQUESTED`. The return counts in statistics once it is `RECEIVED` or ' +
        '`COMPLETED`.',
    }),
    reason: t.string({ description: 'Reason in the customer’s words, up to 1,000 characters.' }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When the return was requested or took place. Cannot be in the future. Required for a new return.',
    }),
    currencyCode: t.field({
      type: 'CurrencyCode',
      description: 'Currency of the amounts. Required if the order is unknown.',
    }),
    refundAmount: t.field({
      type: 'Decimal',
      description: 'Amount refunded to the customer. Defaults to the value of the lines, or to 0 for an `EXCHANGE`.',
    }),
    paymentMethod: t.field({
      type: keyInput('PaymentMethod'),
      description:
        'Key of the customer’s payment method for the refund, or for the price difference of an exchange. Fails with ' +
        '`NOT_FOUND` if unknown, and with `INVALID_INPUT` if it belongs to another customer.',
    }),
    lines: t.field({
      type: [ReturnLineInput],
      description: 'Returned goods, up to 5,000 lines. They replace the current lines.',
    }),
    changedAt: changedAt(t),
    expectedVersion: expectedVersion(t),
  }),
});
