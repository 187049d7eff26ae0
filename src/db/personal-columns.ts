import { classOfText, isPiiClass, type PiiClass } from '../lib/pii.ts';

/**
 * Kind of data in a column of text or JSON. Values of a personal data class are masked for keys without the scope of
 * that class. CONTACT holds an email address or phone number; IF_CONTACT may hold one. The other kinds are never
 * masked: STAFF names people and teams of the workspace, LABEL holds the workspace's own terms, and CODE holds values
 * for programs.
 */
export type ColumnKind = PiiClass | 'CONTACT' | 'IF_CONTACT' | 'STAFF' | 'LABEL' | 'CODE';

const money = { currencyCode: 'CODE' } as const;
/** For records about a customer. Another system may use an email address as the ID. */
const named = { source: 'LABEL', externalId: 'IF_CONTACT' } as const;
/** For records that belong to the workspace, not to a customer. */
const ours = { source: 'LABEL', externalId: 'LABEL', sortName: 'LABEL' } as const;

/**
 * All text and JSON columns, and all other columns with personal data, by table. A test fails if a column is missing.
 */
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
    // Each value in it is masked like the column it comes from.
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

/** Returns the kind of a column. Columns that are not listed hold no text and count as CODE. */
export function kindOf(table: string, column: string): ColumnKind {
  return columnKinds[table]?.[column] ?? 'CODE';
}

/**
 * Returns the class of a value, from its column or the value itself. Null if it is never masked. For CONTACT, the row
 * must tell.
 */
export function classOfValue(table: string, column: string, value: unknown): PiiClass | null {
  const kind = kindOf(table, column);
  if (kind === 'IF_CONTACT') return classOfText(value);
  return isPiiClass(kind) ? kind : null;
}

/**
 * Returns all classes whose scopes are needed to see this value. A value alone does not reveal for certain whether it
 * is an email address or a phone number.
 */
export function classesOfColumn(table: string, column: string, value: unknown): PiiClass[] {
  if (kindOf(table, column) === 'CONTACT') return ['EMAIL', 'PHONE'];
  const piiClass = classOfValue(table, column, value);
  return piiClass ? [piiClass] : [];
}
