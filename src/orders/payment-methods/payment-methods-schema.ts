import { CustomerKeyInput } from '../../customers/input-types.ts';
import { builder } from '../../graphql/builder.ts';
import { recordFields } from '../../graphql/fields/record-fields.ts';
import { defineList } from '../../graphql/lists/list.ts';
import { defineWrites } from '../../graphql/mutations/define-mutation.ts';
import { expectedVersion, keyInput } from '../../graphql/mutations/keys.ts';
import { PaymentMethodKindEnum } from '../enums.ts';
import { upsertPaymentMethod } from './payment-methods.ts';

const scope = 'orders:read';
const common = recordFields('payment method');

builder.prismaNode('PaymentMethod', {
  nullable: true,
  description: 'Payment method of a customer, such as a gift card or a credit card. Card numbers are never stored.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the payment method.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true, customerId: true },
  fields: (t) => ({
    source: t.exposeString('source', common.source),
    externalId: t.exposeString('externalId', common.externalId),
    customer: t.relation('customer', { description: 'Customer who pays with it.' }),
    kind: t.expose('kind', { type: PaymentMethodKindEnum, description: 'Kind, such as a gift card or a credit card.' }),
    brand: t.exposeString('brand', {
      nullable: true,
      description: 'Brand of a card, such as "visa". Null if unknown.',
    }),
    lastFour: t.exposeString('lastFour', {
      nullable: true,
      description: 'Last four digits of a card. Null if unknown.',
    }),
    balance: t.field({
      type: 'Money',
      nullable: true,
      description: 'What is left on a gift card or store credit. Null for the other kinds.',
      select: { balance: true, currencyCode: true },
      resolve: ({ balance, currencyCode }) => (balance && currencyCode ? { amount: balance, currencyCode } : null),
    }),
    isActive: t.exposeBoolean('isActive', { description: 'Whether the customer can still pay with it.' }),
    createdAt: t.expose('createdAt', common.createdAt),
    updatedAt: t.expose('updatedAt', common.updatedAt),
    version: t.exposeInt('version', common.version),
  }),
});

defineList('PaymentMethod', {
  plural: 'payment methods',
  orderBy: { CREATED_AT: { column: 'createdAt', description: 'When the payment method was first recorded.' } },
  direction: 'asc',
}).addToType('Customer', {
  name: 'paymentMethods',
  on: { customerId: 'id' },
  scope,
  description: 'Payment methods of the customer, oldest first.',
});

const UpsertPaymentMethodInput = builder.inputType('UpsertPaymentMethodInput', {
  description: 'Payment method to create or update. Omitted fields keep their value; `null` clears them.',
  fields: (t) => ({
    key: t.field({
      type: keyInput('PaymentMethod'),
      required: true,
      description: 'Key of the payment method. An unknown external ID creates a new one.',
    }),
    customer: t.field({
      type: CustomerKeyInput,
      description:
        'Key of the customer. Required for a new payment method. Fails with `CONFLICT` if a stored one belongs to ' +
        'another customer.',
    }),
    kind: t.field({
      type: PaymentMethodKindEnum,
      description: 'Kind of the payment method. Required for a new payment method.',
    }),
    brand: t.string({ description: 'Brand of a card, such as "visa".' }),
    lastFour: t.string({ description: 'Last four digits of a card. A full card number fails with `INVALID_INPUT`.' }),
    balance: t.field({
      type: 'Decimal',
      description: 'What is left on a gift card or store credit. Cannot be negative. Required for these two kinds.',
    }),
    currencyCode: t.field({ type: 'CurrencyCode', description: 'Currency of `balance`, as an ISO 4217 code.' }),
    isActive: t.boolean({ description: 'Whether the customer can still pay with it. Defaults to true.' }),
    expectedVersion: expectedVersion(t),
  }),
});

defineWrites(
  'PaymentMethod',
  'paymentMethod',
  'The payment method, as it is after the write.',
)({
  name: 'upsertPaymentMethod',
  scope: 'orders:write',
  input: UpsertPaymentMethodInput,
  write: upsertPaymentMethod,
  description:
    'Creates or updates the payment method identified by `key`. Fails with `INVALID_INPUT` for invalid data, and ' +
    'with `NOT_FOUND` for an unknown ID or customer.',
});
