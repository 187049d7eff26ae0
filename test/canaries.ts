import { encodeId } from '../src/lib/ids.ts';
import { tableOf } from '../src/lib/tables.ts';
import type { Tenant } from './api.ts';
import { write } from './dataset.ts';
import { exampleWrites } from './example-writes.ts';

const at = '2026-01-01T00:00:00Z';
const emailOf = (what: string) => `canary-${what}@example.com`;

/** External IDs that are email addresses. They remain in the order history of an erased customer. */
export const canariesInBooks = ['order', 'order-line', 'return'].map(emailOf);

/** Returns the key of a record of `writeCanaries`. */
export const canaryKey = (what: string) => ({ externalId: { source: 'canary', value: emailOf(what) } });

const customer = { email: 'canary-email@example.com' };

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
    key: canaryKey('order'),
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
    key: canaryKey('return'),
    customer,
    currencyCode: 'PLN',
    occurredAt: at,
    reason: 'canary-reason',
    lines: [{ title: emailOf('return-line'), quantity: 1 }],
  },
  openCase: {
    ...canaryKey('case'),
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
    key: canaryKey('interaction'),
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
  recordSurveyResponse: { key: canaryKey('survey'), customer, kind: 'SUGGESTION', comment: 'canary-comment' },
};

// Writes of all other record types of customers, with a canary in each text that may be personal.
const examples = exampleWrites(Object.keys(inputs), customer, keyOfWritten).map(({ type, table, mutation, input }) => {
  const key = canaryKey(type);
  const emails: string[] = [key.externalId.value];
  const texts: string[] = [];
  const planted = Object.entries(input).map(([column, given]) => {
    const kind = tableOf(table)?.columns?.[column];
    if (kind !== 'FREE_TEXT' && kind !== 'IF_CONTACT') return [column, given];
    const isText = kind === 'FREE_TEXT';
    const canary = isText ? `canary-${type}-${column}` : emailOf(`${type}-${column}`);
    (isText ? texts : emails).push(canary);
    return [column, canary];
  });
  return { mutation, input: { ...Object.fromEntries(planted), key }, emails, texts };
});

function keyOfWritten(noun: string): object | undefined {
  return ['order', 'return', 'case', 'interaction'].includes(noun) ? canaryKey(noun) : undefined;
}

/** Unique values, one or more for each class of personal data. */
export const canaries = {
  EMAIL: [
    'canary-email@example.com',
    'canary-actor@example.com',
    'canary-social',
    ...['display', 'given', 'family', 'short', 'title', 'salutation', 'id'].map(emailOf),
    ...['case', 'from', 'acknowledger', 'interaction', 'survey', 'number', 'line', 'return-line'].map(emailOf),
    ...examples.flatMap(({ emails }) => emails),
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
    'canary-dismissal',
    ...examples.flatMap(({ texts }) => texts),
  ],
};

/** Writes a customer with a canary in every personal field. */
export async function writeCanaries(tenant: Tenant): Promise<void> {
  for (const [name, input] of Object.entries(inputs)) await write(tenant, name, input);
  for (const { mutation, input } of examples) await write(tenant, mutation, input);
  // The earlier states are stored too.
  await write(tenant, 'upsertOrder', { key: canaryKey('order'), number: emailOf('number') });
  await write(tenant, 'recordReturn', { key: canaryKey('return'), status: 'APPROVED' });
  await write(tenant, 'updateCase', { key: canaryKey('case'), priority: 'HIGH' });
  await write(tenant, 'updateNextActionStatus', {
    key: canaryKey('nextAction'),
    status: 'DISMISSED',
    reason: 'canary-dismissal',
  });
  const { id } = await tenant.db.caseHandoff.findFirstOrThrow({ where: { reason: 'canary-handoff' } });
  await write(tenant, 'acknowledgeCaseHandoff', {
    id: encodeId('CaseHandoff', id),
    byKind: 'STAFF',
    byName: emailOf('acknowledger'),
  });
}
