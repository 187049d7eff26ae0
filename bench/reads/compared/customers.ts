import { type ComparedRead, inWorkspace, noVariables } from '../read.ts';

/** Selection of the page, which other reads share. */
export const customersPage = `nodes { id displayName
  statistics { currencyCode numberOfOrders amountSpent { amount } }
  orders(first: 3) { nodes { id number placedAt total { amount currencyCode } } } }`;

export const customers: ComparedRead = {
  name: 'customers',
  title: 'customers, 50 with statistics and last three orders',
  statements: 1,
  budget: { rps: { atLeast: 0.75 }, cpu: { atMost: 3 }, rpsOfPostgraphile: { atLeast: 1.5 } },
  rapport: {
    text: `{ customers(first: 50) { ${customersPage} } }`,
    variables: noVariables,
  },
  limit: {
    text: `SELECT json_build_object('customers', coalesce(json_agg(x), '[]'))::text AS json FROM (SELECT "id", "displayName",
        (SELECT coalesce(json_agg(s), '[]') FROM (SELECT "currencyCode", "numberOfOrders", "amountSpent" FROM "CustomerStatistics"
          WHERE "workspaceId" = $1 AND "customerId" = c."id" ORDER BY "currencyCode") s) AS statistics,
        (SELECT coalesce(json_agg(o), '[]') FROM (SELECT "id", "number", "placedAt", "total", "currencyCode" FROM "Order"
          WHERE "workspaceId" = $1 AND "customerId" = c."id" ORDER BY "placedAt" DESC, "id" DESC LIMIT 3) o) AS orders
      FROM "Customer" c WHERE "workspaceId" = $1 ORDER BY "createdAt" DESC, "id" DESC LIMIT 50) x`,
    variables: noVariables,
  },
  postgraphile: {
    text: `query ($workspaceId: UUID!) {
      customers: allCustomers(first: 50, condition: { workspaceId: $workspaceId }, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) { nodes {
        id: rowId displayName
        statistics: customerStatisticsByWorkspaceIdAndCustomerId { nodes { currencyCode numberOfOrders amountSpent } }
        orders: ordersByWorkspaceIdAndCustomerId(first: 3, orderBy: [PLACED_AT_DESC, ROW_ID_DESC]) {
          nodes { id: rowId number placedAt total currencyCode } } } } }`,
    variables: inWorkspace,
  },
};
