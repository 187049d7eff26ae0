import { randomUUID } from 'node:crypto';
import { Prisma } from '../src/db/generated/prisma/client.ts';
import { importTypes, recordTypes } from '../src/import/format.ts';
import { tables } from '../src/lib/tables.ts';
import { computeRfmBounds } from '../src/orders/statistics/rfm.ts';
import type { Tenant } from './api.ts';
import { writeLines } from './run-import.ts';

/** Part of every text in the data set, so that a leak shows anywhere. */
export const marker = 'MARKER-OF-A';

const customer = { email: 'marker-of-a@example.com' };
const named = (value: string) => ({ externalId: { source: marker, value: `${marker}-${value}` } });
const at = '2026-01-01T00:00:00Z';

/** Calls a mutation by its name, with an idempotency key for this call. */
export function write(tenant: Tenant, name: string, input: object): Promise<unknown> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const idempotencyKey = `${marker} ${randomUUID()}`;
  return tenant.data(
    `mutation ($input: ${type}!, $idempotencyKey: String) { ${name}(input: $input, idempotencyKey: $idempotencyKey) { __typename } }`,
    { input, idempotencyKey },
  );
}

/** One record of every type in a workspace, all linked together. */
export async function writeOneOfEverything(tenant: Tenant): Promise<void> {
  await write(tenant, 'upsertCustomer', {
    key: customer,
    displayName: marker,
    note: marker,
    country: 'PL',
    externalIds: [named('customer').externalId],
    contactPoints: [{ kind: 'PHONE', value: '+48 512 345 678' }],
    addresses: [{ kind: 'HOME', lines: [marker], city: marker }],
    salutations: [{ locale: 'pl', text: marker }],
    tags: [marker],
  });
  await write(tenant, 'upsertProduct', {
    key: named('product'),
    title: marker,
    category: marker,
    variants: [{ sku: marker, price: '1', currencyCode: 'PLN' }],
  });
  await write(tenant, 'upsertLocation', { key: named('location'), name: marker });
  await write(tenant, 'upsertOrder', {
    key: named('order'),
    number: marker,
    customer,
    location: named('location'),
    channel: 'STORE',
    placedAt: at,
    currencyCode: 'PLN',
    lines: [{ product: named('product'), sku: marker, quantity: 2, unitPrice: '1' }],
    payments: [{ ...named('payment'), kind: 'PAYMENT', method: marker, amount: '2' }],
    fulfillments: [{ ...named('fulfillment'), status: 'DELIVERED', trackingNumber: marker }],
    note: marker,
  });
  const CHANGE_SHIPPING_ADDRESS = { statuses: ['UNFULFILLED'] };
  await write(tenant, 'setOrderPolicy', { rules: { name: marker, actions: { CHANGE_SHIPPING_ADDRESS } } });
  await write(tenant, 'updateOrderShippingAddress', { order: named('order'), shippingAddress: { lines: [marker] } });
  await write(tenant, 'setNextActionCap', { currencyCode: 'PLN', amount: '50', periodDays: 30 });
  await write(tenant, 'recordReturn', {
    key: named('return'),
    order: named('order'),
    status: 'COMPLETED',
    occurredAt: at,
    reason: marker,
    lines: [{ sku: marker, quantity: 1 }],
  });
  await write(tenant, 'definePreference', { key: `${marker}-key`, valueType: 'STRING', label: marker });
  await write(tenant, 'setPreference', {
    customer,
    key: `${marker}-key`,
    value: { string: marker },
    origin: 'STATED',
    source: marker,
  });
  await write(tenant, 'recordConsent', {
    customer,
    channel: 'EMAIL',
    purpose: 'MARKETING',
    status: 'GRANTED',
    source: marker,
    evidence: marker,
    capturedAt: at,
  });
  await write(tenant, 'openCase', {
    ...named('case'),
    customer,
    order: named('order'),
    subject: marker,
    handoff: { fromKind: 'BOT', to: marker, reason: marker },
  });
  await write(tenant, 'upsertInteraction', {
    key: named('interaction'),
    customer,
    channel: 'EMAIL',
    direction: 'INBOUND',
    occurredAt: at,
    subject: marker,
    body: marker,
    order: named('order'),
    case: named('case'),
    location: named('location'),
  });
  await write(tenant, 'recordSurveyResponse', {
    key: named('survey'),
    customer,
    kind: 'CSAT',
    rating: 5,
    comment: marker,
    case: named('case'),
  });
  await write(tenant, 'requestErasure', { customer, afterDays: 365 });
  await computeRfmBounds(tenant.db);
  // A fit needs more customers than one.
  const { workspaceId } = tenant.db;
  const times = { asOf: at, fittedAt: at };
  const counts = { customers: 1, repeatCustomers: 1, purchases: 2 };
  const parameters = {
    r: 1,
    alpha: 1,
    a: 1,
    b: 1,
    logLikelihood: -1,
    dropout: 'VARIED',
    p: 1,
    q: 2,
    gamma: 1,
  } as const;
  await tenant.db.customerValueModel.create({
    data: { workspaceId, currencyCode: 'PLN', unit: 'WEEK', ...times, ...counts, ...parameters },
  });
  await tenant.db.customerValueFit.create({
    data: { workspaceId, currencyCode: 'PLN', status: 'FITTED', startedAt: at },
  });
  // A pair of products needs more orders than one.
  await tenant.db.coPurchaseRun.create({
    data: { workspaceId, status: 'COUNTED', startedAt: at, countedUntil: at, orders: 1 },
  });
  const { id: productId } = await tenant.db.product.findFirstOrThrow();
  const { id: orderId } = await tenant.db.order.findFirstOrThrow();
  const ratios = { support: 1, confidence: 1, lift: 1, cosine: 1 };
  await tenant.db.productPair.create({
    data: { workspaceId, productId, otherProductId: productId, orders: 1, ...ratios, latestOrderIds: [orderId] },
  });
}

/**
 * Imports the example of every record type for the customer above, with the marker in its texts. So the tests that walk
 * through all data cover a new domain, too.
 */
export async function importExamples({ db }: Tenant): Promise<void> {
  const rows = recordTypes.map((type) => ({
    type,
    ...marked(importTypes[type].example),
    ...(type === 'customer' && { key: customer }),
  }));
  await writeLines(db, rows, marker);
}

// Replaces texts that are personal data or terms of the workspace, and values that must be unique in it.
function marked(example: object): object {
  const texts = new Set(
    tables.flatMap(({ columns = {} }) =>
      Object.entries(columns).flatMap(([column, kind]) => (textKinds.has(kind) ? [column] : [])),
    ),
  );
  const replace = (value: unknown, name: string): unknown => {
    if (name === 'customer') return customer;
    if (name === 'externalId') return `${marker} example ${value}`;
    if (name === 'contactPoints') return [];
    if (Array.isArray(value)) return value.map((each) => replace(each, name));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replace(each, key)]));
    return typeof value === 'string' && texts.has(name) && name !== 'key' ? marker : value;
  };
  return Object.fromEntries(Object.entries(example).map(([key, value]) => [key, replace(value, key)]));
}

const textKinds = new Set<string>(['IF_CONTACT', 'FREE_TEXT', 'LABEL']);

/** Returns all rows of a tenant in all tables, except the rate limits. */
export async function dumpOf({ db }: Tenant): Promise<string> {
  const tables: [string, string[]][] = [];
  for (const model of Object.values(Prisma.ModelName)) {
    if (model === 'RateLimit') continue;
    const rows = (await rowsOf(db, model)).map(({ lastUsedAt: _, ...row }) => JSON.stringify(row));
    tables.push([model, rows.sort()]);
  }
  return JSON.stringify(tables);
}

/** Returns all rows of a tenant in one table. */
export function rowsOf(db: object, model: Prisma.ModelName): Promise<Record<string, unknown>[]> {
  const name = model.charAt(0).toLowerCase() + model.slice(1);
  const delegates = db as Record<string, { findMany(): Promise<Record<string, unknown>[]> }>;
  return delegates[name]?.findMany() ?? Promise.reject(new Error(`Unknown table ${model}.`));
}
