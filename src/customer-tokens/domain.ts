export const schemaModules = ['schema.ts'] as const;
