import type { Statement } from '../../db/statements.ts';

/**
 * Removes the payment methods of other customers from the payments and returns of orders that have moved to another
 * customer or to a guest. The erasure of the earlier customer would otherwise find them.
 */
export function withoutOthersMethods(workspaceId: string, orderIds: string[]): Statement[] {
  if (orderIds.length === 0) return [];
  const values = [workspaceId, orderIds];
  return ['Payment', 'Return'].map((table) => ({ text: clearing(table), values }));
}

const clearing = (table: string) => `
  UPDATE "${table}" t SET "paymentMethodId" = NULL FROM "Order" o, "PaymentMethod" m
  WHERE t."workspaceId" = $1::uuid AND t."orderId" = ANY ($2::uuid[]) AND o."workspaceId" = $1::uuid AND o."id" = t."orderId"
    AND m."workspaceId" = $1::uuid AND m."id" = t."paymentMethodId" AND m."customerId" IS DISTINCT FROM o."customerId"`;
