import { byEmail, customerIdByEmail, postgraphileByEmail } from '../by-email.ts';
import type { ComparedRead } from '../read.ts';

/** The full customer: profile, statistics, preferences, orders with lines, interactions. */
export const customerContext: ComparedRead = {
  name: 'customerContext',
  title: 'customerContext',
  statements: 1,
  isMasked: true,
  budget: {
    rps: { atLeast: 0.9 },
    cpu: { atMost: 2 },
    rpsOfPostgraphile: { atLeast: 2 },
    cpuOfPostgraphile: { atMost: 0.6 },
  },
  rapport: {
    text: `query ($email: String!) { customerContext(by: { email: $email }, purpose: SUPPORT) {
      id: customerId
      identity { displayName givenName familyName shortName register locale timezone country }
      value { statistics { currencyCode numberOfOrders amountOrdered { amount } amountSpent { amount } firstOrderAt lastOrderAt } }
      preferences { preferences: inForce(first: 20) { id key value origin validFrom } }
      history {
        orders(first: 20) { id number status paymentStatus placedAt total { amount currencyCode } lines(first: 20) { nodes { title sku quantity unitPrice { amount } } } }
        interactions(first: 20) { id channel direction kind occurredAt subject body } } } }`,
    variables: byEmail,
  },
  limit: {
    text: `SELECT row_to_json(x)::text AS json FROM (SELECT c."id", c."displayName", c."givenName", c."familyName", c."shortName",
        c."register", c."locale", c."timezone", c."country",
        (SELECT coalesce(json_agg(s), '[]') FROM (SELECT "currencyCode", "numberOfOrders", "amountOrdered", "amountSpent", "firstOrderAt",
          "lastOrderAt" FROM "CustomerStatistics" WHERE "workspaceId" = $1 AND "customerId" = c."id" ORDER BY "currencyCode") s) AS statistics,
        (SELECT coalesce(json_agg(p), '[]') FROM (SELECT "id", "key", array_to_string("values", ', ') AS value, "origin", "validFrom"
          FROM "Preference" WHERE "workspaceId" = $1 AND "customerId" = c."id" AND "status" = 'ACTIVE' AND NOT "doNotUse" AND "validFrom" <= now()
            AND ("validUntil" IS NULL OR "validUntil" > now()) ORDER BY "key" LIMIT 20) p) AS preferences,
        (SELECT coalesce(json_agg(o), '[]') FROM (SELECT "id", "number", "status", "paymentStatus", "placedAt", "total", "currencyCode",
          (SELECT coalesce(json_agg(l), '[]') FROM (SELECT "title", "sku", "quantity", "unitPrice" FROM "OrderLine"
            WHERE "workspaceId" = $1 AND "orderId" = o."id" ORDER BY "position" LIMIT 20) l) AS lines
          FROM "Order" o WHERE "workspaceId" = $1 AND "customerId" = c."id" ORDER BY "placedAt" DESC, "id" DESC LIMIT 20) o) AS orders,
        (SELECT coalesce(json_agg(i), '[]') FROM (SELECT "id", "channel", "direction", "kind", "occurredAt", "subject", "body"
          FROM "Interaction" WHERE "workspaceId" = $1 AND "customerId" = c."id" ORDER BY "occurredAt" DESC, "id" DESC LIMIT 20) i) AS interactions
      FROM "Customer" c WHERE c."workspaceId" = $1 AND c."id" = ${customerIdByEmail}) x`,
    variables: byEmail,
  },
  // Does not check the validity of preferences.
  postgraphile:
    postgraphileByEmail(`id: rowId displayName givenName familyName shortName register locale timezone country
          statistics: customerStatisticsByWorkspaceIdAndCustomerId { nodes { currencyCode numberOfOrders amountOrdered amountSpent firstOrderAt lastOrderAt } }
          preferences: preferencesByWorkspaceIdAndCustomerId(first: 20, condition: { status: ACTIVE, doNotUse: false }, orderBy: KEY_ASC) {
            nodes { id: rowId key value: values origin validFrom } }
          orders: ordersByWorkspaceIdAndCustomerId(first: 20, orderBy: [PLACED_AT_DESC, ROW_ID_DESC]) {
            nodes { id: rowId number status paymentStatus placedAt total currencyCode
              lines: orderLinesByWorkspaceIdAndOrderId(first: 20, orderBy: POSITION_ASC) { nodes { title sku quantity unitPrice } } } }
          interactions: interactionsByWorkspaceIdAndCustomerId(first: 20, orderBy: [OCCURRED_AT_DESC, ROW_ID_DESC]) {
            nodes { id: rowId channel direction kind occurredAt subject body } }`),
  pothos: {
    text: `query ($email: String!) { customer(email: $email) {
      id displayName givenName familyName shortName register locale timezone country
      statistics { currencyCode numberOfOrders amountOrdered amountSpent firstOrderAt lastOrderAt }
      preferences { id key value origin validFrom }
      orders { id number status paymentStatus placedAt total currencyCode lines { title sku quantity unitPrice } }
      interactions { id channel direction kind occurredAt subject body } } }`,
    variables: byEmail,
  },
};
