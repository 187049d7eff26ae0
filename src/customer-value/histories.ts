import type { Db } from '../db/database.ts';
import { idRanges } from '../db/write/batches.ts';
import type { HistoryGroup } from './model/bg-nbd.ts';
import type { Spending } from './model/gamma-gamma.ts';
import { historiesSql } from './purchases.ts';

export type Histories = {
  /** Buyers with equal histories, in days. */
  groups: HistoryGroup[];
  /** Repeat purchases with a positive mean value, one entry per customer. */
  spendings: Spending[];
  customers: number;
  repeatCustomers: number;
  purchases: number;
};

const customersPerPage = 10_000;

/**
 * Reads what the models need to know of each buyer in a currency, from the orders that count and were placed until an
 * instant. Reads page by page, so that no statement takes long, and keeps one group of all customers with the same history.
 */
export async function readHistories(
  db: Db,
  currencyCode: string,
  asOf: Date,
  signal?: AbortSignal,
): Promise<Histories> {
  const groups = new Map<string, HistoryGroup>();
  const spendings: Spending[] = [];
  const buyers = { table: 'CustomerStatistics', column: 'customerId' };
  for await (const [after, until] of idRanges(db, buyers, { batchSize: customersPerPage, signal })) {
    const rows = await db.query<Row>({ text: page, values: [db.workspaceId, currencyCode, asOf, after, until] });
    for (const { x, lastAt, age, customers, repeatValues } of rows) {
      const key = `${x} ${lastAt} ${age}`;
      const group = groups.get(key);
      if (group) group.customers += customers;
      else groups.set(key, { x, lastAt, age, customers });
      for (const value of repeatValues ?? []) if (value > 0) spendings.push({ x, mean: value / x });
    }
  }
  const all = [...groups.values()];
  const count = (of: (group: HistoryGroup) => number) =>
    all.reduce((sum, group) => sum + group.customers * of(group), 0);
  return {
    groups: all,
    spendings,
    customers: count(() => 1),
    repeatCustomers: count(({ x }) => Math.min(x, 1)),
    purchases: count(({ x }) => x + 1),
  };
}

type Row = HistoryGroup & { repeatValues: number[] | null };

const histories = historiesSql(
  `o."workspaceId" = $1::uuid AND o."customerId" > $4::uuid AND o."customerId" <= $5::uuid AND o."currencyCode" = $2
    AND o."placedAt" <= $3::timestamptz`,
  '$3::timestamptz',
);

const page = `SELECT "x", "lastAt", "age", count(*)::integer AS "customers",
    array_agg("repeatValue"::float8) FILTER (WHERE "x" > 0) AS "repeatValues"
  FROM (${histories}) history GROUP BY "x", "lastAt", "age" ORDER BY "x", "lastAt", "age"`;
