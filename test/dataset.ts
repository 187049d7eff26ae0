import type { Tenant } from './api.ts';

/** Stands in every text of the data set, so that a leak shows wherever it turns up. */
export const marker = 'MARKER-OF-A';

const customer = { email: 'marker-of-a@example.com' };
const named = (value: string) => ({ externalId: { source: marker, value: `${marker}-${value}` } });
const at = '2026-01-01T00:00:00Z';

/** One of everything a workspace can hold, tied together. */
export async function writeOneOfEverything(tenant: Tenant): Promise<void> {
  const write = (name: string, input: object) => {
    const type = { untagCustomer: 'TagCustomerInput' }[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    return tenant.data(`mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`, { input });
  };
  await write('upsertCustomer', {
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
  await write('upsertProduct', {
    key: named('product'),
    title: marker,
    category: marker,
    variants: [{ sku: marker, price: '1', currencyCode: 'PLN' }],
  });
  await write('upsertLocation', { key: named('location'), name: marker });
  await write('upsertOrder', {
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
  await write('recordReturn', {
    key: named('return'),
    order: named('order'),
    status: 'COMPLETED',
    occurredAt: at,
    reason: marker,
    lines: [{ sku: marker, quantity: 1 }],
  });
  await write('definePreference', { key: `${marker}-key`, valueType: 'STRING', label: marker });
  await write('setPreference', {
    customer,
    key: `${marker}-key`,
    value: { string: marker },
    origin: 'STATED',
    source: marker,
  });
  await write('recordConsent', {
    customer,
    channel: 'EMAIL',
    purpose: 'MARKETING',
    status: 'GRANTED',
    source: marker,
    evidence: marker,
    capturedAt: at,
  });
  await write('openCase', {
    ...named('case'),
    customer,
    order: named('order'),
    subject: marker,
    handoff: { fromKind: 'BOT', to: marker, reason: marker },
  });
  await write('upsertInteraction', {
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
  await write('recordSurveyResponse', {
    key: named('survey'),
    customer,
    kind: 'CSAT',
    rating: 5,
    comment: marker,
    case: named('case'),
  });
}
