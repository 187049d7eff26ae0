export const scopes = [
  { noun: 'privacy', covers: '[export, erasure, retention](privacy.md)', readers: 'NONE' },
] as const;

export const tables = {
  ErasureRequest: { idPrefix: 'erasure', columns: { failure: 'CODE', keyName: 'STAFF' } },
  ErasedKey: { columns: { hash: 'CODE' }, isUnaudited: true },
} as const;

export const schemaModules = ['schema.ts'] as const;
