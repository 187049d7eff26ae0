export const schemaModules = ['explain/explain-schema.ts', 'schema.ts'] as const;
