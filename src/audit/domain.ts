export const scopes = [
  { noun: 'audit', covers: 'the [audit log](writing-safely.md#the-audit-log)', readers: 'NONE', isReadOnly: true },
] as const;

export const tables = {
  AuditEvent: {
    idPrefix: 'audit',
    isUnaudited: true,
    erasure: 'PAST_VALUES',
    columns: {
      // Each value in it is masked like the column it comes from.
      changes: 'CODE',
      entity: 'CODE',
      keyName: 'STAFF',
      operation: 'CODE',
      piiClasses: 'CODE',
      requestId: 'CODE',
    },
  },
} as const;

export const schemaModules = ['schema.ts'] as const;
