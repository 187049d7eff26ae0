import { byEmail, customerIdByEmail, postgraphileByEmail } from '../by-email.ts';
import type { ComparedRead } from '../read.ts';

export const purchaseHistory: ComparedRead = {
  name: 'purchaseHistory',
  title: 'purchase history, 20 orders with lines and products',
  statements: 1,
  budget: { rps: { atLeast: 0.75 }, cpu: { atMost: 3 }, rpsOfPostgraphile: { atLeast: 1.5 } },
  rapport: {
    text: `query ($email: String!) { customer(by: { email: $email }) { id displayName orders(first: 20) { nodes {
      id number status placedAt total { amount currencyCode }
      lines(first: 20) { nodes { id title sku quantity unitPrice { amount } product { productId: id category } } } } } } }`,
    variables: byEmail,
  },
  limit: {
    text: `SELECT row_to_json(x)::text AS json FROM (SELECT c."id", c."displayName",
        (SELECT coalesce(json_agg(o), '[]') FROM (SELECT "id", "number", "status", "placedAt", "total", "currencyCode",
          (SELECT coalesce(json_agg(l), '[]') FROM (SELECT l."id", l."title", l."sku", l."quantity", l."unitPrice", p."id" AS "productId", p."category"
            FROM "OrderLine" l LEFT JOIN "Product" p ON p."workspaceId" = l."workspaceId" AND p."id" = l."productId"
            WHERE l."workspaceId" = $1 AND l."orderId" = o."id" ORDER BY l."position" LIMIT 20) l) AS lines
          FROM "Order" o WHERE "workspaceId" = $1 AND "customerId" = c."id" ORDER BY "placedAt" DESC, "id" DESC LIMIT 20) o) AS orders
      FROM "Customer" c WHERE c."workspaceId" = $1 AND c."id" = ${customerIdByEmail}) x`,
    variables: byEmail,
  },
  postgraphile: postgraphileByEmail(`id: rowId displayName
          orders: ordersByWorkspaceIdAndCustomerId(first: 20, orderBy: [PLACED_AT_DESC, ROW_ID_DESC]) { nodes {
            id: rowId number status placedAt total currencyCode
            lines: orderLinesByWorkspaceIdAndOrderId(first: 20, orderBy: POSITION_ASC) { nodes {
              id: rowId title sku quantity unitPrice
              product: productByWorkspaceIdAndProductId { productId: rowId category } } } } }`),
};
