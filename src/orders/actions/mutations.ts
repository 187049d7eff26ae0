import type { OrderAction } from '../../db/generated/prisma/enums.ts';
import { builder, type InputFields } from '../../graphql/builder.ts';
import { valueObject } from '../../graphql/cost/points.ts';
import { defineWrites } from '../../graphql/mutations/define-mutation.ts';
import { expectedVersion, keyInput } from '../../graphql/mutations/keys.ts';
import { encodeId } from '../../lib/ids.ts';
import { PaymentKindEnum } from '../enums.ts';
import { ShippingAddressInput } from '../input-types.ts';
import { type ActionResult, performAction } from './perform.ts';

const MovementType = builder.objectRef<ActionResult['movements'][number]>('OrderActionPayment').implement({
  extensions: valueObject,
  description: 'Payment or refund that an action makes. Rapport records it; your payment system carries it out.',
  fields: (t) => ({
    kind: t.expose('kind', { type: PaymentKindEnum, description: 'Whether the customer pays or gets money back.' }),
    amount: t.field({
      type: 'Money',
      description: 'Amount of the payment or refund. Never negative.',
      resolve: ({ amount, currencyCode }) => ({ amount, currencyCode }),
    }),
    method: t.exposeString('method', { description: 'Payment method, such as "credit_card" or "paypal".' }),
    paymentMethodId: t.field({
      type: 'ID',
      nullable: true,
      description: 'ID of the customer’s payment method. Null if unknown.',
      resolve: ({ paymentMethodId }) => paymentMethodId && encodeId('PaymentMethod', paymentMethodId),
    }),
    isExpected: t.exposeBoolean('isExpected', {
      description:
        'Whether it follows once the goods are back, and is not recorded yet. Otherwise it is a payment of the order.',
    }),
    minBusinessDays: t.exposeInt('minBusinessDays', {
      nullable: true,
      description: 'Fewest business days until a refund arrives; 0 means at once. Null if the policy does not say.',
    }),
    maxBusinessDays: t.exposeInt('maxBusinessDays', {
      nullable: true,
      description: 'Most business days until a refund arrives. Null if the policy does not say.',
    }),
  }),
});

const addAction = defineWrites<ActionResult>(
  'Order',
  'order',
  'The order after the action, or as it is for a dry run.',
  {
    name: 'OrderActionPayload',
    description: 'Effect of an action on an order.',
    fields: (t) => ({
      isDryRun: t.exposeBoolean('isDryRun', {
        description: 'Whether the action was only tried, and nothing was written.',
      }),
      policyVersion: t.exposeInt('policyVersion', { description: 'Version of the policy that allowed the action.' }),
      priceDifference: t.field({
        type: 'Money',
        description: 'What the order or the wanted variants cost more than before. Negative if they cost less.',
        resolve: ({ priceDifference, currencyCode }) => ({ amount: priceDifference, currencyCode }),
      }),
      payments: t.field({
        type: [MovementType],
        description: 'Payments and refunds that the action makes, or that follow it.',
        resolve: ({ movements }) => movements,
      }),
      returnId: t.field({
        type: 'ID',
        nullable: true,
        description: 'ID of the return or exchange that was requested. Null for other actions and for dry runs.',
        resolve: ({ returnId, isDryRun }) => (returnId && !isDryRun ? encodeId('Return', returnId) : null),
      }),
    }),
  },
);

const ReturnedItemInput = builder.inputType('ReturnedItemInput', {
  description: 'Goods to send back.',
  fields: (t) => ({ line: lineField(t), quantity: quantityField(t) }),
});

const ReplacedItemInput = builder.inputType('ReplacedItemInput', {
  description: 'Goods to replace, and what replaces them.',
  fields: (t) => ({
    line: lineField(t),
    variant: t.id({
      required: true,
      description: 'ID of the wanted product variant. Fails with `NOT_FOUND` if unknown.',
    }),
    quantity: quantityField(t),
  }),
});

function lineField(t: InputFields) {
  return t.id({
    required: true,
    description: 'ID of the order line. Fails with `NOT_FOUND` if the order has none such.',
  });
}

function quantityField(t: InputFields) {
  return t.int({ description: 'Number of units. Defaults to all units of the line that are left.' });
}

function orderField(t: InputFields) {
  return t.field({ type: keyInput('Order'), required: true, description: 'Key of the order.' });
}

function dryRunField(t: InputFields) {
  return t.boolean({ description: 'Whether to return what would happen and write nothing. Defaults to false.' });
}

function reasonField(t: InputFields, description: string) {
  return t.string({ description: `${description} Must be one of the reasons in the policy, if it lists any.` });
}

function methodField(t: InputFields, description: string, required = false) {
  return t.field({ type: keyInput('PaymentMethod'), required, description });
}

function common(t: InputFields) {
  return { order: orderField(t), expectedVersion: expectedVersion(t), dryRun: dryRunField(t) };
}

const refused = 'Fails with `CONFLICT` and `refusal` if the policy does not allow it, and then changes nothing.';

function define(name: string, action: OrderAction, input: ReturnType<typeof builder.inputType>, description: string) {
  addAction({
    name,
    scope: 'orders:write',
    input: input as never,
    write: (db, given) => performAction(db, action, given),
    description: `${description} ${refused}`,
  });
}

define(
  'cancelOrder',
  'CANCEL',
  builder.inputType('CancelOrderInput', {
    description: 'Order to cancel under the policy of the workspace.',
    fields: (t) => ({
      ...common(t),
      reason: reasonField(t, 'Reason for the cancellation, up to 1,000 characters.'),
    }),
  }),
  'Cancels an order, and refunds what was paid to the original payment methods.',
);

define(
  'updateOrderShippingAddress',
  'CHANGE_SHIPPING_ADDRESS',
  builder.inputType('UpdateOrderShippingAddressInput', {
    description: 'Shipping address to give to an order.',
    fields: (t) => ({
      ...common(t),
      shippingAddress: t.field({
        type: ShippingAddressInput,
        required: true,
        description: 'Address the order ships to. It replaces the whole address.',
      }),
    }),
  }),
  'Changes the shipping address of an order. The addresses of the customer stay.',
);

define(
  'updateOrderPaymentMethod',
  'CHANGE_PAYMENT_METHOD',
  builder.inputType('UpdateOrderPaymentMethodInput', {
    description: 'Payment method to pay an order with.',
    fields: (t) => ({
      ...common(t),
      paymentMethod: methodField(t, 'Key of another payment method of the customer.', true),
    }),
  }),
  'Records a payment of all that was paid with another payment method, and refunds the original ones.',
);

define(
  'updateOrderItems',
  'CHANGE_ITEMS',
  builder.inputType('UpdateOrderItemsInput', {
    description: 'Items of an order to replace before they ship.',
    fields: (t) => ({
      ...common(t),
      items: t.field({
        type: [ReplacedItemInput],
        required: true,
        description: 'All items to replace, 1 to 500. A policy may allow only one such change.',
      }),
      paymentMethod: methodField(t, 'Key of the payment method for the price difference. Required if there is one.'),
    }),
  }),
  'Replaces items of an order by other variants at their current price, and pays or refunds the difference. ' +
    'Discount, shipping and tax stay as they are.',
);

define(
  'requestReturn',
  'REQUEST_RETURN',
  builder.inputType('RequestReturnInput', {
    description: 'Goods to return for a refund.',
    fields: (t) => ({
      ...common(t),
      items: t.field({ type: [ReturnedItemInput], required: true, description: 'Goods to return, 1 to 500 items.' }),
      reason: reasonField(t, 'Reason in the customer’s words, up to 1,000 characters.'),
      paymentMethod: methodField(t, 'Key of the payment method to refund. Defaults to the original one.'),
    }),
  }),
  'Requests a return. The refund follows once the goods are back, and no money moves before.',
);

define(
  'requestExchange',
  'REQUEST_EXCHANGE',
  builder.inputType('RequestExchangeInput', {
    description: 'Goods to exchange for other variants.',
    fields: (t) => ({
      ...common(t),
      items: t.field({ type: [ReplacedItemInput], required: true, description: 'Goods to exchange, 1 to 500 items.' }),
      reason: reasonField(t, 'Reason in the customer’s words, up to 1,000 characters.'),
      paymentMethod: methodField(t, 'Key of the payment method for the price difference. Required if there is one.'),
    }),
  }),
  'Requests an exchange. The price difference is paid or refunded once the goods are back, and no money moves before.',
);
