import { type ComparedRead, inWorkspace, noVariables } from '../read.ts';

export const orders: ComparedRead = {
  name: 'orders',
  title: 'orders, 50',
  statements: 1,
  budget: { rps: { atLeast: 0.75 }, cpu: { atMost: 3 }, rpsOfPostgraphile: { atLeast: 1.5 } },
  rapport: {
    text: '{ orders(first: 50) { nodes { id number status placedAt total { amount currencyCode } } } }',
    variables: noVariables,
  },
  limit: {
    text: `SELECT json_build_object('orders', coalesce(json_agg(x), '[]'))::text AS json FROM (
      SELECT "id", "number", "status", "placedAt", "total", "currencyCode" FROM "Order"
      WHERE "workspaceId" = $1 ORDER BY "placedAt" DESC, "id" DESC LIMIT 50) x`,
    variables: noVariables,
  },
  postgraphile: {
    text: `query ($workspaceId: UUID!) {
      orders: allOrders(first: 50, condition: { workspaceId: $workspaceId }, orderBy: [PLACED_AT_DESC, ROW_ID_DESC]) {
        nodes { id: rowId number status placedAt total currencyCode } } }`,
    variables: inWorkspace,
  },
};
