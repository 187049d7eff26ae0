import { classOfText, isPiiClass, type PiiClass } from '../lib/pii.ts';

/**
 * What a column of text or JSON says of a person. A class of personal data is masked without the scope of that class. The
 * value of CONTACT is an email address or phone number, of IF_CONTACT it may turn out to be one. The others are not masked:
 * STAFF names people and desks of the workspace, LABEL holds its own words, CODE what programs agree on.
 */
export type ColumnKind = PiiClass | 'CONTACT' | 'IF_CONTACT' | 'STAFF' | 'LABEL' | 'CODE';

const money = { currencyCode: 'CODE' } as const;
/** Of records of a customer. Other systems may call them by an email address. */
const named = { source: 'LABEL', externalId: 'IF_CONTACT' } as const;
/** Of the workspace's own. */
const ours = { source: 'LABEL', externalId: 'LABEL', sortName: 'LABEL' } as const;

/** Every column of text or JSON, and every other column with personal data, by table. A test fails on one that is missing. */
export const columnKinds: Record<string, Record<string, ColumnKind>> = {
  Customer: {
    displayName: 'IF_CONTACT',
    givenName: 'IF_CONTACT',
    familyName: 'IF_CONTACT',
    shortName: 'IF_CONTACT',
    title: 'IF_CONTACT',
    salutation: 'IF_CONTACT',
    birthMonth: 'BIRTHDAY',
    birthDay: 'BIRTHDAY',
    birthYear: 'BIRTHDAY',
    note: 'FREE_TEXT',
    searchText: 'CONTACT',
    sortName: 'CONTACT',
    country: 'CODE',
    locale: 'CODE',
    quietFrom: 'CODE',
    quietUntil: 'CODE',
    timezone: 'CODE',
  },
  ContactPoint: { value: 'CONTACT', normalizedValue: 'CONTACT' },
  CustomerExternalId: { source: 'LABEL', value: 'IF_CONTACT' },
  CustomerTag: { labelKey: 'LABEL', tag: 'LABEL' },
  CustomerStatistics: money,
  Address: { lines: 'ADDRESS', city: 'ADDRESS', region: 'ADDRESS', postalCode: 'ADDRESS', countryCode: 'CODE' },
  Order: {
    ...named,
    ...money,
    number: 'IF_CONTACT',
    cancelReason: 'FREE_TEXT',
    shippingAddress: 'ADDRESS',
    note: 'FREE_TEXT',
  },
  OrderLine: { ...named, sku: 'CODE', title: 'IF_CONTACT' },
  Payment: { ...named, ...money, method: 'LABEL' },
  Fulfillment: { ...named, carrier: 'LABEL', trackingNumber: 'CODE' },
  Return: { ...named, ...money, reason: 'FREE_TEXT' },
  ReturnLine: { sku: 'CODE', title: 'IF_CONTACT' },
  Preference: { key: 'LABEL', values: 'LABEL', source: 'LABEL', evidence: 'FREE_TEXT' },
  PreferenceDefinition: { allowedValues: 'LABEL', key: 'LABEL', label: 'LABEL' },
  Consent: { source: 'LABEL', evidence: 'FREE_TEXT' },
  ConsentEvent: { source: 'LABEL', evidence: 'FREE_TEXT' },
  Interaction: {
    ...named,
    actorName: 'IF_CONTACT',
    actorRef: 'IF_CONTACT',
    subject: 'FREE_TEXT',
    body: 'FREE_TEXT',
    metadata: 'FREE_TEXT',
    topics: 'LABEL',
  },
  Case: {
    ...named,
    subject: 'FREE_TEXT',
    cause: 'FREE_TEXT',
    remedy: 'FREE_TEXT',
    promiseText: 'FREE_TEXT',
    assignee: 'STAFF',
  },
  CaseHandoff: {
    fromName: 'IF_CONTACT',
    to: 'STAFF',
    reason: 'FREE_TEXT',
    tried: 'FREE_TEXT',
    openQuestions: 'FREE_TEXT',
  },
  SurveyResponse: { ...named, comment: 'FREE_TEXT' },
  PastState: { entity: 'CODE', state: 'FREE_TEXT' },
  Product: { ...ours, category: 'LABEL', tags: 'LABEL', title: 'LABEL' },
  ProductVariant: { ...money, options: 'LABEL', sku: 'CODE' },
  Location: { ...ours, name: 'LABEL', countryCode: 'CODE', timezone: 'CODE' },
  RfmBounds: money,
  AuditEvent: {
    // Each of its values is masked as the column it was in.
    changes: 'CODE',
    entity: 'CODE',
    keyName: 'STAFF',
    operation: 'CODE',
    piiClasses: 'CODE',
    requestId: 'CODE',
  },
  ApiKey: { name: 'STAFF', prefix: 'CODE', scopes: 'CODE' },
  ErasureRequest: { failure: 'CODE', keyName: 'STAFF' },
  ErasedKey: { hash: 'CODE' },
  IdempotencyRecord: { fingerprint: 'CODE', key: 'CODE', result: 'CODE' },
  ImportCheckpoint: { fingerprint: 'CODE', pass: 'CODE', source: 'CODE', summary: 'CODE' },
  RateLimit: { holder: 'CODE' },
};

/** Of a column that is not text, unless it is listed, CODE. */
export function kindOf(table: string, column: string): ColumnKind {
  return columnKinds[table]?.[column] ?? 'CODE';
}

/** The class of a value, as its column or the value itself tells. Null if it is shown to all. Of a CONTACT the row tells. */
export function classOfValue(table: string, column: string, value: unknown): PiiClass | null {
  const kind = kindOf(table, column);
  if (kind === 'IF_CONTACT') return classOfText(value);
  return isPiiClass(kind) ? kind : null;
}

/** The classes whose scopes show this value, all of them. A value alone does not tell an e-mail from a phone for sure. */
export function classesOfColumn(table: string, column: string, value: unknown): PiiClass[] {
  if (kindOf(table, column) === 'CONTACT') return ['EMAIL', 'PHONE'];
  const piiClass = classOfValue(table, column, value);
  return piiClass ? [piiClass] : [];
}
