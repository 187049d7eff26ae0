/** Size of a workspace that `seed` filled, and a cursor in the middle of its customers. */
export type Place = { workspaceId: string; customers: number; orders: number; deepCursor: string };

/** The records that one request reads. IDs are UUIDs, as in the tables. */
export type Subject = {
  workspaceId: string;
  email: string;
  customerId: string;
  orderId: string;
  caseId: string;
  productId: string;
  deepCursor: string;
};

/** Picks the subject of the n-th request. Consecutive requests read records that are far apart. */
export function subjectOf({ workspaceId, customers, orders, deepCursor }: Place, n: number): Subject {
  const nth = (count: number) => 1 + ((n * 7_919) % count);
  const customer = nth(customers);
  return {
    workspaceId,
    email: `customer-${customer}@example.com`,
    customerId: seededId(2, customer),
    orderId: seededId(8, nth(orders)),
    // Every tenth customer has a case.
    caseId: seededId(10, 10 * nth(Math.floor(customers / 10))),
    productId: seededId(1, nth(1_000)),
    deepCursor,
  };
}

/** Returns the ID that `id_of` in bench/seed.ts computes. */
function seededId(kind: number, n: number): string {
  const digits = `${n.toString(16).padStart(12, '0')}7${kind.toString(16).padStart(3, '0')}8${'0'.repeat(15)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
