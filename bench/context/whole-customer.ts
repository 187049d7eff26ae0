/** Query for the full customer: profile, preferences, orders with lines, interactions and statistics. */
export const rapportQuery = `query Whole($email: String!) { customerContext(by: { email: $email }, purpose: SUPPORT) {
  customerId
  identity { displayName givenName familyName shortName register locale timezone country }
  value { statistics { currencyCode numberOfOrders amountOrdered { amount } amountSpent { amount } firstOrderAt lastOrderAt } }
  preferences { inForce(first: 20) { id key value origin validFrom } }
  history {
    orders(first: 20) { id number status paymentStatus placedAt total { amount currencyCode } lines(first: 20) { title sku quantity unitPrice { amount } } }
    interactions(first: 20) { id channel direction kind occurredAt subject body }
  } } }`;

/** The same data in one hand-written statement. */
export const limitStatement = `SELECT (SELECT row_to_json(x) FROM (SELECT c."id", c."displayName", c."givenName", c."familyName", c."shortName", c."register",
    c."locale", c."timezone", c."country",
    (SELECT json_agg(s) FROM (SELECT "currencyCode", "numberOfOrders", "amountOrdered", "amountSpent", "firstOrderAt", "lastOrderAt"
      FROM "CustomerStatistics" WHERE "workspaceId" = $1 AND "customerId" = c."id" ORDER BY "currencyCode") s) AS statistics,
    (SELECT json_agg(p) FROM (SELECT "id", "key", array_to_string("values", ', ') AS value, "origin", "validFrom" FROM "Preference"
      WHERE "workspaceId" = $1 AND "customerId" = c."id" AND "status" = 'ACTIVE' AND NOT "doNotUse" AND "validFrom" <= now()
        AND ("validUntil" IS NULL OR "validUntil" > now()) ORDER BY "key" LIMIT 20) p) AS preferences,
    (SELECT json_agg(o) FROM (SELECT "id", "number", "status", "paymentStatus", "placedAt", "total", "currencyCode",
      (SELECT json_agg(l) FROM (SELECT "title", "sku", "quantity", "unitPrice" FROM "OrderLine"
        WHERE "workspaceId" = $1 AND "orderId" = o."id" ORDER BY "position" LIMIT 20) l) AS lines
      FROM "Order" o WHERE "workspaceId" = $1 AND "customerId" = c."id" ORDER BY "placedAt" DESC, "id" DESC LIMIT 20) o) AS orders,
    (SELECT json_agg(i) FROM (SELECT "id", "channel", "direction", "kind", "occurredAt", "subject", "body" FROM "Interaction"
      WHERE "workspaceId" = $1 AND "customerId" = c."id" ORDER BY "occurredAt" DESC, "id" DESC LIMIT 20) i) AS interactions
  FROM "Customer" c WHERE c."workspaceId" = $1 AND c."id" = (SELECT "customerId" FROM "ContactPoint"
    WHERE "workspaceId" = $1 AND "normalizedValue" = $2 AND "kind" = 'EMAIL')) x)::text AS json`;

/** The same with PostGraphile over the tables, without checking the values and validity of preferences. */
export const postgraphileQuery = `query Whole($workspaceId: UUID!, $email: String!) {
  allContactPoints(first: 1, condition: { workspaceId: $workspaceId, normalizedValue: $email, kind: EMAIL }) { nodes {
    customerByWorkspaceIdAndCustomerId { rowId displayName givenName familyName shortName register locale timezone country
      customerStatisticsByWorkspaceIdAndCustomerId { nodes { currencyCode numberOfOrders amountOrdered amountSpent firstOrderAt lastOrderAt } }
      preferencesByWorkspaceIdAndCustomerId(first: 20, condition: { status: ACTIVE, doNotUse: false }, orderBy: KEY_ASC) {
        nodes { rowId key values origin validFrom } }
      ordersByWorkspaceIdAndCustomerId(first: 20, orderBy: [PLACED_AT_DESC, ROW_ID_DESC]) {
        nodes { rowId number status paymentStatus placedAt total currencyCode
          orderLinesByWorkspaceIdAndOrderId(first: 20, orderBy: POSITION_ASC) { nodes { title sku quantity unitPrice } } } }
      interactionsByWorkspaceIdAndCustomerId(first: 20, orderBy: [OCCURRED_AT_DESC, ROW_ID_DESC]) {
        nodes { rowId channel direction kind occurredAt subject body } } } } } }`;

/** The same with plain Pothos types over the tables. */
export const plainQuery = `query Whole($email: String!) { customer(email: $email) {
  id displayName givenName familyName shortName register locale timezone country
  statistics { currencyCode numberOfOrders amountOrdered amountSpent firstOrderAt lastOrderAt }
  preferences { id key value origin validFrom }
  orders { id number status paymentStatus placedAt total currencyCode lines { title sku quantity unitPrice } }
  interactions { id channel direction kind occurredAt subject body } } }`;
