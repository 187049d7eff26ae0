import type { Prisma } from '../db/generated/prisma/client.ts';

export const withDetails = {
  // One return line is enough to know that a return refers to the line.
  lines: { include: { returnLines: { select: { returnId: true }, take: 1 } } },
  payments: true,
  fulfillments: true,
} as const;

export type StoredOrder = Prisma.OrderGetPayload<{ include: typeof withDetails }>;
