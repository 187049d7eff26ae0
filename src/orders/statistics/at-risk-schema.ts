import { customers } from '../../customers/schema.ts';
import { workspace } from '../../db/statements.ts';
import { builder } from '../../graphql/builder.ts';
import { defineSqlList } from '../../graphql/lists/sql-list.ts';

type Lost = { currencyCode: string; since: Date | null; until: Date | null };

// Counts the bounds that a value passes, which is its score minus one.
const passed = (value: string, bounds: string) => `(SELECT count(*) FROM unnest(b."${bounds}") x WHERE ${value} > x)`;

defineSqlList<Lost>({
  name: 'atRiskCustomers',
  model: 'Customer',
  connection: customers.Connection,
  scope: 'customers:read',
  alsoNeeds: 'orders:read',
  description:
    'Lists the active customers of the RFM groups `AT_RISK` and `PREVIOUSLY_LOYAL`: they bought often or much, but not for a ' +
    'long time. Latest order first. Requires `orders:read` too. Empty until the RFM bounds of the currency are computed, which takes at most an hour.',
  args: builder.args((t) => ({
    currencyCode: t.field({
      type: 'CurrencyCode',
      required: true,
      description: 'Currency of the RFM scores. Lists the customers with the most orders in this currency.',
    }),
    since: t.field({ type: 'DateTime', description: 'Earliest time of the last order. Unlimited if omitted.' }),
    until: t.field({ type: 'DateTime', description: 'Latest time of the last order. Unlimited if omitted.' }),
  })),
  parse: ({ currencyCode, since, until }) => ({
    currencyCode: String(currencyCode),
    since: (since as Date | null | undefined) ?? null,
    until: (until as Date | null | undefined) ?? null,
  }),
  order: { columns: ['lastOrderAt', 'id'], direction: 'desc' },
  // `groupOf` has the same rule: a recency score of 1 or 2, and a mean of the other scores of 2.5 or more.
  select: ({ currencyCode, since, until }, { within, orderAndLimit }, parameter) => {
    const currency = parameter(currencyCode);
    const columns = ['s."lastOrderAt"', 's."customerId"'];
    const window = [
      ...(since ? [`s."lastOrderAt" >= ${parameter(since)}::timestamptz`] : []),
      ...(until ? [`s."lastOrderAt" <= ${parameter(until)}::timestamptz`] : []),
      within(columns),
    ].join(' AND ');
    const ofCustomer = (alias: string) =>
      `${alias}."workspaceId" = ${workspace} AND ${alias}."customerId" = s."customerId"`;
    // Under row-level security, an index serves only comparisons that reveal nothing, so OFFSET keeps the arithmetic out.
    const bounds = `(SELECT "computedAt" - ("recencyDays"[3] + 1) * interval '1 day' AS "latest", "frequency", "monetary" FROM "RfmBounds"
      WHERE "workspaceId" = ${workspace} AND "currencyCode" = ${currency} OFFSET 0)`;
    // The subqueries with LIMIT make the planner look up the rows of each customer, in the order of the index.
    return `SELECT t.*, f."lastOrderAt" FROM ${bounds} b CROSS JOIN LATERAL (SELECT s."customerId", s."lastOrderAt" FROM "CustomerStatistics" s
        WHERE s."workspaceId" = ${workspace} AND s."currencyCode" = ${currency}
          AND s."lastOrderAt" <= b."latest"
          AND ${passed('s."numberOfOrders"', 'frequency')} + ${passed('s."amountOrdered"', 'monetary')} >= 3 AND ${window}
          AND s."currencyCode" = (SELECT o."currencyCode" FROM "CustomerStatistics" o WHERE ${ofCustomer('o')} AND o."numberOfOrders" > 0
            ORDER BY o."numberOfOrders" DESC, o."currencyCode" LIMIT 1)
          AND (SELECT c."status" = 'ACTIVE' FROM "Customer" c WHERE c."workspaceId" = ${workspace} AND c."id" = s."customerId" LIMIT 1)${orderAndLimit(columns)}) f
      CROSS JOIN LATERAL (SELECT * FROM "Customer" t WHERE t."workspaceId" = ${workspace} AND t."id" = f."customerId" LIMIT 1) t`;
  },
});
