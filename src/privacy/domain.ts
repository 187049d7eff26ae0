export const scopes = [
  { noun: 'privacy', covers: '[export, erasure, retention](privacy.md)', readers: 'NONE' },
] as const;

export const tables = {
  ErasureRequest: { idPrefix: 'erasure', columns: { failure: 'CODE', keyName: 'STAFF' }, erasure: 'KEEP' },
  // Recognizes later writes to an erased customer.
  ErasedKey: { columns: { hash: 'CODE' }, isUnaudited: true, erasure: 'KEEP', isInternal: true },
} as const;

export const schemaModules = ['schema.ts'] as const;
