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

function write(tenant: Tenant, name: string, input: object): Promise<unknown> {
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

const emailOf = (what: string) => `canary-${what}@example.com`;

/** External IDs that are email addresses. They remain in the order history of an erased customer. */
export const canariesInBooks = ['order', 'order-line', 'return'].map(emailOf);

/** Unique values, one or more for each class of personal data. */
export const canaries = {
  EMAIL: [
    'canary-email@example.com',
    'canary-actor@example.com',
    'canary-social',
    ...['display', 'given', 'family', 'short', 'title', 'salutation', 'id'].map(emailOf),
    ...['case', 'from', 'interaction', 'survey', 'number', 'line', 'return-line'].map(emailOf),
  ],
  PHONE: ['+48512555499', '512 555 499', '+48 512 555 498'],
  ADDRESS: ['canary-street', 'canary-city', 'canary-code', 'canary-region', 'canary-ship-street', 'canary-ship-city'],
  BIRTHDAY: ['"year":1904'],
  FREE_TEXT: [
    'canary-note',
    'canary-order-note',
    'canary-cancel',
    'canary-reason',
    'canary-subject',
    'canary-body',
    'canary-metadata',
    'canary-case-subject',
    'canary-cause',
    'canary-remedy',
    'canary-promise',
    'canary-handoff',
    'canary-tried',
    'canary-question',
    'canary-evidence',
    'canary-consent-evidence',
    'canary-comment',
  ],
};

/** Returns the key of a record of `writeCanaries`. */
export const canaryKey = (what: string) => ({ externalId: { source: 'canary', value: emailOf(what) } });

/** Writes a customer with a canary in every personal field. */
export async function writeCanaries(tenant: Tenant): Promise<void> {
  const customer = { email: 'canary-email@example.com' };
  const key = canaryKey;
  const inputs = {
    upsertCustomer: {
      key: customer,
      note: 'canary-note',
      displayName: emailOf('display'),
      givenName: emailOf('given'),
      familyName: emailOf('family'),
      shortName: emailOf('short'),
      title: emailOf('title'),
      salutations: [{ locale: 'pl', text: emailOf('salutation') }],
      externalIds: [canaryKey('id').externalId],
      birthday: { month: 2, day: 29, year: 1904 },
      contactPoints: [
        { kind: 'PHONE', value: '512 555 499' },
        { kind: 'SOCIAL', value: 'canary-social' },
      ],
      addresses: [
        {
          kind: 'HOME',
          lines: ['canary-street', 'canary-street 2'],
          city: 'canary-city',
          region: 'canary-region',
          postalCode: 'canary-code',
          countryCode: 'PL',
        },
      ],
    },
    upsertOrder: {
      key: key('order'),
      customer,
      placedAt: at,
      currencyCode: 'PLN',
      status: 'CANCELED',
      lines: [{ ...canaryKey('order-line'), title: emailOf('line'), quantity: 1, unitPrice: '1' }],
      note: 'canary-order-note',
      cancelReason: 'canary-cancel',
      shippingAddress: { lines: ['canary-ship-street'], city: 'canary-ship-city', countryCode: 'PL' },
    },
    recordReturn: {
      key: key('return'),
      customer,
      currencyCode: 'PLN',
      occurredAt: at,
      reason: 'canary-reason',
      lines: [{ title: emailOf('return-line'), quantity: 1 }],
    },
    openCase: {
      ...key('case'),
      customer,
      subject: 'canary-case-subject',
      cause: 'canary-cause',
      remedy: 'canary-remedy',
      promise: { text: 'canary-promise' },
      handoff: {
        fromKind: 'BOT',
        fromName: emailOf('from'),
        to: 'desk',
        reason: 'canary-handoff',
        tried: 'canary-tried',
        openQuestions: ['canary-question'],
      },
    },
    upsertInteraction: {
      key: key('interaction'),
      customer,
      channel: 'EMAIL',
      direction: 'INBOUND',
      occurredAt: at,
      actor: { kind: 'CUSTOMER', name: '+48 512 555 498', ref: 'canary-actor@example.com' },
      subject: 'canary-subject',
      body: 'canary-body',
      metadata: { 'canary-metadata': 'canary-metadata' },
    },
    setPreference: {
      customer,
      key: 'canary',
      value: { string: 'x' },
      origin: 'STATED',
      evidence: { said: 'canary-evidence' },
    },
    recordConsent: {
      customer,
      channel: 'EMAIL',
      purpose: 'MARKETING',
      status: 'GRANTED',
      evidence: 'canary-consent-evidence',
    },
    recordSurveyResponse: { key: key('survey'), customer, kind: 'SUGGESTION', comment: 'canary-comment' },
  };
  for (const [name, input] of Object.entries(inputs)) await write(tenant, name, input);
  // The earlier states are stored too.
  await write(tenant, 'upsertOrder', { key: key('order'), number: emailOf('number') });
  await write(tenant, 'recordReturn', { key: key('return'), status: 'APPROVED' });
  await write(tenant, 'updateCase', { key: key('case'), priority: 'HIGH' });
}

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
