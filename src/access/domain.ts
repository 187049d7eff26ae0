export const scopes = [
  { noun: 'workspace', covers: "the workspace's name and settings", readers: 'KEYS', isReadOnly: true },
  { noun: 'keys', covers: 'keys', readers: 'NONE' },
] as const;

export const tables = {
  Workspace: { idPrefix: 'workspace', customerRows: 'ALL' },
  ApiKey: { idPrefix: 'key', columns: { name: 'STAFF', prefix: 'CODE', scopes: 'CODE' } },
  IdempotencyRecord: { columns: { fingerprint: 'CODE', key: 'CODE', result: 'CODE' }, isUnaudited: true },
  RateLimit: { columns: { holder: 'CODE' }, isUnaudited: true },
} as const;

export const schemaModules = ['schema.ts', 'keys-schema.ts'] as const;
