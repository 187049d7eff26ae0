import type { Db } from '../db/database.ts';
import { idRanges } from '../db/write/batches.ts';
import { type HistoryGroup, type HistoryGroups, sumOf } from './model/bg-nbd.ts';
import { Columns } from './model/columns.ts';
import type { Spending, Spendings } from './model/gamma-gamma.ts';
import { historiesSql } from './purchases.ts';

export type Histories = {
  /** Buyers with equal histories, in days. */
  groups: HistoryGroups;
  /** Repeat purchases with a positive mean value, one entry per customer. */
  spendings: Spendings;
  customers: number;
  repeatCustomers: number;
  purchases: number;
};

const customersPerPage = 10_000;

/**
 * Reads what the models need to know of each buyer in a currency, from the orders that count and were placed until an
 * instant. Reads page by page, so that no statement takes long, and keeps one group of the customers of a page with the same
 * history.
 */
export async function readHistories(
  db: Db,
  currencyCode: string,
  asOf: Date,
  signal?: AbortSignal,
): Promise<Histories> {
  const groups = new Columns<keyof HistoryGroup>(['x', 'lastAt', 'age', 'customers']);
  const spendings = new Columns<keyof Spending>(['x', 'mean']);
  let repeatCustomers = 0;
  const buyers = { table: 'CustomerStatistics', column: 'customerId' };
  for await (const [after, until] of idRanges(db, buyers, { batchSize: customersPerPage, signal })) {
    const rows = await db.query<Row>({ text: page, values: [db.workspaceId, currencyCode, asOf, after, until] });
    for (const { repeatValues, ...group } of rows) {
      groups.push(group);
      if (group.x > 0) repeatCustomers += group.customers;
      for (const value of repeatValues ?? []) if (value > 0) spendings.push({ x: group.x, mean: value / group.x });
    }
  }
  const customers = sumOf(groups);
  return { groups, spendings, customers, repeatCustomers, purchases: customers + sumOf(groups, 'x') };
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
