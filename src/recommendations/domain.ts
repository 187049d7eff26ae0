export const tables = {
  CoPurchaseRun: { isUnaudited: true },
  ProductPair: { isUnaudited: true },
} as const;

export const schemaModules = ['recommendations-schema.ts', 'replenishment-schema.ts'] as const;
