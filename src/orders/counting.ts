import type { OrderStatus } from '../db/generated/prisma/enums.ts';

// Not placed yet, or called off.
const uncounted: OrderStatus[] = ['DRAFT', 'CANCELED', 'EXPIRED'];

/** Whether an order of this status counts in what its customer bought. */
export function isCounted(status: OrderStatus): boolean {
  return !uncounted.includes(status);
}

/** The same as an SQL condition on an order that goes by this alias. */
export function countedSql(alias: string): string {
  return `${alias}."status" NOT IN (${uncounted.map((status) => `'${status}'`).join(', ')})`;
}
