import type { OrderStatus } from './generated/prisma/enums.ts';

// Orders that were not placed yet, or that were called off.
const uncounted: OrderStatus[] = ['DRAFT', 'CANCELED', 'EXPIRED'];

/** Whether an order of this status counts in the customer's statistics and purchased products. */
export function isCounted(status: OrderStatus): boolean {
  return !uncounted.includes(status);
}

/** Builds `isCounted` as an SQL condition on the order with this table alias. */
export function countedSql(alias: string): string {
  return `${alias}."status" NOT IN (${uncounted.map((status) => `'${status}'`).join(', ')})`;
}
