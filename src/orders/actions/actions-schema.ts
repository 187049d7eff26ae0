import { OrderAction } from '../../db/generated/prisma/enums.ts';
import { builder } from '../../graphql/builder.ts';
import { timeOf } from '../../graphql/context.ts';
import { cost, valueObject } from '../../graphql/cost/points.ts';
import { describedEnum } from '../../graphql/enums/described-enum.ts';
import { defineList } from '../../graphql/lists/list.ts';
import type { Transform } from '../../graphql/sql/serializers.ts';
import type { FieldContext } from '../../graphql/sql/sql-types.ts';
import { DomainError } from '../../lib/errors.ts';
import { encodeId } from '../../lib/ids.ts';
import { computedFrom } from '../../query/compile/sql-field.ts';
import { type AllowedAction, allowedActions } from './allowed-actions.ts';
import { type ActionFacts, factsSql, readFacts } from './facts.ts';
import { type Refusal, refusalCodes } from './refusals.ts';

const scope = 'orders:read';

const OrderActionEnum = describedEnum(
  'OrderAction',
  'Action on an order that the policy of the workspace decides about.',
  {
    CANCEL: 'Cancels the order and refunds what was paid: `cancelOrder`.',
    CHANGE_SHIPPING_ADDRESS: 'Changes where the order is sent: `updateOrderShippingAddress`.',
    CHANGE_PAYMENT_METHOD: 'Moves the payment to another payment method: `updateOrderPaymentMethod`.',
    CHANGE_ITEMS: 'Replaces items by other variants before they ship: `updateOrderItems`.',
    REQUEST_RETURN: 'Requests to send goods back for a refund: `requestReturn`.',
    REQUEST_EXCHANGE: 'Requests to swap goods for other variants: `requestExchange`.',
  },
);

const RefusalEnum = describedEnum(
  'OrderActionRefusal',
  'Reason why an action on an order is refused. A refused action fails with `CONFLICT` and this value as ' +
    '`extensions.refusal`, and changes nothing.',
  refusalCodes,
);

const RefusalType = builder.objectRef<Refusal>('OrderActionRefusalReason').implement({
  extensions: valueObject,
  description: 'Reason why an action is not possible, and what to do instead.',
  fields: (t) => ({
    code: t.expose('code', { type: RefusalEnum, description: 'Code of the reason, for programs.' }),
    message: t.exposeString('message', { description: 'What is wrong and what to do instead, for people.' }),
  }),
});

const LineType = builder.objectRef<AllowedAction['lines'][number]>('OrderActionLine').implement({
  extensions: valueObject,
  description: 'Line of the order that an action may name.',
  fields: (t) => ({
    lineId: t.exposeID('lineId', { description: 'ID of the order line, to send as `line`.' }),
    quantity: t.exposeInt('quantity', { description: 'Number of units that the action may cover at most.' }),
  }),
});

const AllowedActionType = builder.objectRef<AllowedAction>('AllowedOrderAction').implement({
  description: 'Action on an order: whether it is possible now, with which options, and otherwise why not.',
  fields: (t) => ({
    action: t.expose('action', { type: OrderActionEnum, description: 'Action that the decision is about.' }),
    isAllowed: t.exposeBoolean('isAllowed', { description: 'Whether the action is possible now.' }),
    refusals: t.expose('refusals', {
      type: [RefusalType],
      description: 'All reasons why the action is not possible. Empty if it is.',
    }),
    reasons: t.exposeStringList('reasons', {
      nullable: true,
      description: 'Reasons to choose from. Null if any reason or none will do, or if the action is not possible.',
    }),
    lines: t.expose('lines', {
      type: [LineType],
      description: 'Lines that the action may name. Empty if it takes no lines or is not possible.',
    }),
    paymentMethodIds: t.exposeIDList('paymentMethodIds', {
      description:
        'IDs of the customer’s payment methods to choose from. A balance must still cover the price difference. ' +
        'Empty if the action takes no payment method or is not possible.',
    }),
    possibleUntil: t.expose('possibleUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'When the time for the action is over. Null if the policy sets no limit.',
    }),
    policyVersion: t.exposeInt('policyVersion', {
      nullable: true,
      description: 'Version of the policy that decides. Null if the workspace has no policy.',
    }),
  }),
});

const decide: Transform = (facts, { context }) => allowedActions(facts as ActionFacts, timeOf(context));

builder.prismaObjectField('Order', 'allowedActions', (t) =>
  t.field({
    type: [AllowedActionType],
    description:
      'Every action on the order: whether the policy of the workspace allows it now, with which options, and why not. ' +
      'The mutations decide by the same rules.',
    authScopes: { scope },
    select: { id: true },
    extensions: {
      query: {
        kind: 'sql',
        compile: (context: FieldContext) => computedFrom(context, [factsSql(context.row.alias)], decide),
      },
      ...cost({ size: Object.keys(OrderAction).length }),
    },
    resolve: async ({ id }, _args, context) => {
      const facts = await readFacts(context.db, id);
      if (!facts) throw new DomainError('NOT_FOUND', 'This order no longer exists.');
      return allowedActions(facts, timeOf(context));
    },
  }),
);

builder.prismaObject('OrderChange', {
  description: 'Action that was taken on an order under the policy of the workspace.',
  authScopes: { scope },
  select: { id: true },
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'ID of the change.', resolve: ({ id }) => encodeId('OrderChange', id) }),
    action: t.expose('action', { type: OrderActionEnum, description: 'Action that was taken.' }),
    policyVersion: t.exposeInt('policyVersion', { description: 'Version of the policy that allowed the action.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When the action was taken.' }),
  }),
});

defineList('OrderChange', {
  plural: 'order changes',
  orderBy: { OCCURRED_AT: { column: 'occurredAt', description: 'When the action was taken.' } },
  direction: 'desc',
}).addToType('Order', {
  name: 'changes',
  on: { orderId: 'id' },
  scope,
  description: 'Actions taken on the order under the policy of the workspace, newest first.',
});
