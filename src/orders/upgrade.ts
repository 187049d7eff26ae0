import type { Db } from '../db/database.ts';
import { lockRows, transact } from '../db/write/transact.ts';
import { refreshOrders } from './refresh-orders.ts';
import { refreshStatistics } from './statistics/statistics.ts';

const batchSize = 1_000;

/** Applies the current rules to orders with payments or returns and to free orders, and recounts the statistics. */
export async function refreshStoredOrders(db: Db): Promise<void> {
  const { workspaceId } = db;
  for (let last = ''; ; ) {
    const orders = await db.order.findMany({
      where: {
        workspaceId,
        ...(last && { id: { gt: last } }),
        OR: [{ payments: { some: {} } }, { returns: { some: {} } }, { total: 0 }],
      },
      select: { id: true, customerId: true },
      orderBy: { id: 'asc' },
      take: batchSize,
    });
    const ids = orders.map(({ id }) => id);
    last = ids.at(-1) ?? '';
    if (last === '') return;
    const customerIds = [...new Set(orders.flatMap(({ customerId }) => customerId ?? []))];
    await transact(db, async (tx) => {
      await lockRows(tx, 'Customer', customerIds);
      await lockRows(tx, 'Order', ids);
      await tx.sendAll(refreshOrders(workspaceId, new Map(ids.map((id) => [id, null]))));
      await tx.sendAll(refreshStatistics(workspaceId, customerIds));
    });
  }
}
