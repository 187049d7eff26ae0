export const scopes = [{ noun: 'preferences', covers: 'preferences and consents', readers: 'CUSTOMERS' }] as const;

export const tables = {
  PreferenceDefinition: { customerRows: 'ALL', columns: { allowedValues: 'LABEL', key: 'LABEL', label: 'LABEL' } },
  Preference: {
    idPrefix: 'preference',
    time: 'validFrom',
    customerRows: 'OWN',
    columns: { key: 'LABEL', values: 'LABEL', source: 'LABEL', evidence: 'FREE_TEXT' },
    erasure: 'DELETE',
    fact: {
      columns: ['key', 'valueType', 'values', 'status', 'doNotUse', 'validFrom', 'validUntil', 'endedAt'],
      hasOrigin: true,
      rule: ['fact-rules.ts', 'preferenceRule'],
    },
  },
  Consent: {
    idPrefix: 'consent',
    time: 'capturedAt',
    customerRows: 'OWN',
    columns: { source: 'LABEL', evidence: 'FREE_TEXT' },
    erasure: 'DELETE',
    fact: {
      columns: ['channel', 'purpose', 'status', 'capturedAt', 'expiresAt'],
      rule: ['fact-rules.ts', 'consentRule'],
    },
  },
  ConsentEvent: {
    idPrefix: 'consentevent',
    time: 'capturedAt',
    customerRows: 'OWN',
    columns: { source: 'LABEL', evidence: 'FREE_TEXT' },
    erasure: 'DELETE',
    timeline: { kind: 'CONSENT', description: 'A consent decision, dated when it was made.', hasChannel: true },
  },
} as const;

export const records = {
  preference: {
    writer: ['preferences.ts', 'preferenceWriter'],
    identifiedBy: ['customer', 'key'],
    example: {
      customer: { externalId: 'c1' },
      key: 'light',
      value: { string: 'warm' },
      origin: 'STATED',
      validFrom: '2026-01-20T12:00:00Z',
    },
  },
  consent: {
    writer: ['consents/consents.ts', 'consentWriter'],
    identifiedBy: ['customer', 'channel', 'purpose'],
    example: {
      customer: { externalId: 'c1' },
      channel: 'EMAIL',
      purpose: 'MARKETING',
      status: 'GRANTED',
      source: 'checkout',
      capturedAt: '2026-01-05T10:00:00Z',
    },
  },
} as const;

export const schemaModules = ['schema.ts', 'consents/schema.ts', 'mutations.ts'] as const;
export const pastTables = ['past-tables.ts', 'pastTables'] as const;
