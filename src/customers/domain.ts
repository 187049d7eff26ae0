export const scopes = [
  { noun: 'customers', covers: 'customers, contact points, addresses, tags', readers: 'CUSTOMERS' },
] as const;

export const tables = {
  Customer: {
    idPrefix: 'customer',
    customerRows: 'OWN',
    columns: {
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
    fact: { columns: ['status', 'createdAt'] },
  },
  ContactPoint: {
    idPrefix: 'contact',
    customerRows: 'OWN',
    columns: { value: 'CONTACT', normalizedValue: 'CONTACT' },
    erasure: 'IDENTITY',
  },
  CustomerExternalId: {
    customerRows: 'OWN',
    columns: { source: 'LABEL', value: 'IF_CONTACT' },
    erasure: 'IDENTITY',
  },
  CustomerTag: { columns: { labelKey: 'LABEL', tag: 'LABEL' }, erasure: 'IDENTITY' },
  Address: {
    idPrefix: 'address',
    customerRows: 'OWN',
    columns: { lines: 'ADDRESS', city: 'ADDRESS', region: 'ADDRESS', postalCode: 'ADDRESS', countryCode: 'CODE' },
    erasure: 'DELETE',
  },
} as const;

export const records = {
  customer: {
    writer: ['customers.ts', 'customerImportWriter'],
    isIndependent: true,
    example: {
      key: { externalId: 'c1' },
      displayName: 'Zofia Żółkiewska',
      locale: 'pl-PL',
      contactPoints: [{ kind: 'EMAIL', value: 'zofia@example.com' }],
      tags: ['vip'],
    },
  },
} as const;

export const schemaModules = ['schema.ts', 'birthdays/birthdays-schema.ts', 'mutations.ts'] as const;
