import { workspace } from '../db/statements.ts';

export const availabilities = {
  AVAILABLE: 'The product is still sold, and at least one of its variants can be bought.',
  UNAVAILABLE: 'The product is no longer sold, or none of its variants can be bought.',
  UNKNOWN: 'The product is still sold, but no variant says whether it can be bought.',
} as const;

export type Availability = keyof typeof availabilities;

/** SQL for whether the product with this alias can be bought. */
export function availabilitySql(product: string): string {
  const variants = `FROM "ProductVariant" v WHERE v."workspaceId" = ${workspace} AND v."productId" = ${product}."id"`;
  return `CASE WHEN NOT ${product}."isActive" THEN 'UNAVAILABLE' WHEN NOT EXISTS (SELECT 1 ${variants}) THEN 'UNKNOWN'
    WHEN EXISTS (SELECT 1 ${variants} AND v."isAvailable") THEN 'AVAILABLE' ELSE 'UNAVAILABLE' END`;
}
