import { catalogColumns, externalIdColumns, moneyColumns } from '../manifest.ts';

export const scopes = [
  { noun: 'orders', covers: 'orders, payments, payment methods, shipments, returns, locations', readers: 'CUSTOMERS' },
  { noun: 'policies', covers: 'the rules for actions on orders', readers: 'KEYS' },
] as const;

const using = ['SUPPORT', 'PERSONALISATION', 'MARKETING', 'ANALYTICS'] as const;

export const tables = {
  Location: {
    idPrefix: 'location',
    hasExternalIds: true,
    customerRows: 'ALL',
    columns: { ...catalogColumns, name: 'LABEL', countryCode: 'CODE', timezone: 'CODE' },
  },
  Order: {
    idPrefix: 'order',
    hasExternalIds: true,
    time: 'placedAt',
    customerRows: 'OWN',
    columns: {
      ...externalIdColumns,
      ...moneyColumns,
      number: 'IF_CONTACT',
      cancelReason: 'FREE_TEXT',
      shippingAddress: 'ADDRESS',
      note: 'FREE_TEXT',
    },
    erasure: 'ANONYMIZE',
    exportedLabels: { location: 'name' },
    timeline: { kind: 'ORDER', description: 'An order, dated when it was placed.' },
    history: {
      name: 'orders',
      description: 'Orders of the customer, newest first.',
      purposes: [...using, 'ORDER_FULFILMENT'],
      isExpected: true,
    },
    fact: { columns: ['number', 'placedAt', 'status', 'paymentStatus', 'currencyCode'], amount: 'total' },
  },
  OrderLine: {
    idPrefix: 'line',
    partOf: 'Order',
    customerRows: 'OWN',
    columns: { ...externalIdColumns, sku: 'CODE', title: 'IF_CONTACT' },
  },
  PaymentMethod: {
    idPrefix: 'method',
    hasExternalIds: true,
    customerRows: 'OWN',
    columns: { ...externalIdColumns, ...moneyColumns, brand: 'LABEL', lastFour: 'CODE' },
    erasure: 'DELETE',
  },
  Payment: {
    idPrefix: 'payment',
    partOf: 'Order',
    hasExternalIds: true,
    customerRows: 'OWN',
    columns: { ...externalIdColumns, ...moneyColumns, method: 'LABEL' },
  },
  Fulfillment: {
    idPrefix: 'fulfillment',
    partOf: 'Order',
    hasExternalIds: true,
    customerRows: 'OWN',
    columns: { ...externalIdColumns, carrier: 'LABEL', trackingNumber: 'CODE' },
  },
  Return: {
    idPrefix: 'return',
    hasExternalIds: true,
    time: 'occurredAt',
    customerRows: 'OWN',
    columns: { ...externalIdColumns, ...moneyColumns, reason: 'FREE_TEXT' },
    erasure: 'ANONYMIZE',
    timeline: { kind: 'RETURN', description: 'A return, dated when it was requested or took place.' },
    fact: { columns: ['kind', 'occurredAt', 'status', 'currencyCode'], amount: 'refundAmount' },
  },
  OrderPolicy: {
    idPrefix: 'policy',
    customerRows: 'ALL',
    columns: { name: 'LABEL', rules: 'LABEL' },
  },
  OrderChange: { idPrefix: 'change', partOf: 'Order', customerRows: 'OWN' },
  ReturnLine: {
    idPrefix: 'returnline',
    partOf: 'Return',
    customerRows: 'OWN',
    columns: { sku: 'CODE', title: 'IF_CONTACT' },
  },
  CustomerStatistics: { customerRows: 'OWN', columns: moneyColumns, isUnaudited: true, erasure: 'KEEP' },
  PurchasedProduct: {
    time: 'firstBoughtAt',
    customerRows: 'OWN',
    isUnaudited: true,
    erasure: 'KEEP',
    exportedLabels: { product: 'title' },
    history: {
      name: 'purchasedProducts',
      description: 'Products the customer bought, latest purchase first.',
      order: ['lastBoughtAt', 'productId'],
      purposes: using,
    },
  },
  RfmBounds: { columns: moneyColumns, isUnaudited: true },
  PastState: { columns: { entity: 'CODE', state: 'FREE_TEXT' }, isUnaudited: true, erasure: 'PAST_VALUES' },
} as const;

export const records = {
  paymentMethod: {
    writer: ['payment-methods/payment-methods.ts', 'paymentMethodWriter'],
    example: {
      key: { externalId: 'm1' },
      customer: { externalId: 'c1' },
      kind: 'GIFT_CARD',
      balance: '50.00',
      currencyCode: 'PLN',
    },
  },
  order: {
    writer: ['orders.ts', 'orderWriter'],
    example: {
      key: { externalId: 'o1' },
      customer: { externalId: 'c1' },
      placedAt: '2026-01-05T10:00:00+01:00',
      currencyCode: 'PLN',
      paymentStatus: 'PAID',
      lines: [{ product: { externalId: 'p1' }, sku: 'L-RED', quantity: 1, unitPrice: '99.90' }],
      total: '99.90',
    },
  },
  return: {
    writer: ['returns/returns.ts', 'returnWriter'],
    isKeyOptional: true,
    example: {
      key: { externalId: 'r1' },
      order: { externalId: 'o1' },
      occurredAt: '2026-01-20T12:00:00Z',
      status: 'REQUESTED',
      reason: 'Too bright',
      lines: [{ sku: 'L-RED', quantity: 1 }],
    },
  },
} as const;

export const anonymize = ['anonymize.ts', 'anonymizeOrders'] as const;

export const schemaModules = [
  'schema.ts',
  'payment-methods/payment-methods-schema.ts',
  'returns/returns-schema.ts',
  'locations/locations-schema.ts',
  'statistics/statistics-schema.ts',
  'statistics/at-risk-schema.ts',
  'mutations.ts',
  'actions/actions-schema.ts',
  'actions/policies-schema.ts',
  'actions/mutations.ts',
] as const;
export const pastTables = ['past-tables.ts', 'pastTables'] as const;
