import { encodeId } from '../../../src/lib/ids.ts';
import type { ComparedRead } from '../read.ts';

export const node: ComparedRead = {
  name: 'node',
  title: 'node(id:), an order',
  statements: 1,
  budget: { rps: { atLeast: 0.5 }, cpu: { atMost: 4 }, rpsOfPostgraphile: { atLeast: 2 } },
  rapport: {
    text: 'query ($id: ID!) { node(id: $id) { id ... on Order { number status placedAt total { amount currencyCode } } } }',
    variables: ({ orderId }) => ({ id: encodeId('Order', orderId) }),
  },
  limit: {
    text: `SELECT row_to_json(x)::text AS json FROM (SELECT "id", "number", "status", "placedAt", "total", "currencyCode"
      FROM "Order" WHERE "workspaceId" = $1 AND "id" = $2) x`,
    variables: ({ orderId }) => ({ id: orderId }),
  },
  postgraphile: {
    text: 'query ($id: ID!) { node(id: $id) { ... on Order { id: rowId number status placedAt total currencyCode } } }',
    variables: ({ workspaceId, orderId }) => ({
      id: Buffer.from(JSON.stringify(['Order', workspaceId, orderId])).toString('base64'),
    }),
  },
};
