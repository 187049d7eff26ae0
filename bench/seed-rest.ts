import type pg from 'pg';

/**
 * Adds the records that `seed` leaves out, so that every read finds some: locations, variants, definitions of
 * preferences, canceled erasures; a payment method per customer; a payment and a fulfillment per order, a return for
 * every third; survey responses, handoffs and interactions of cases; a follow-up and a next action for each case, with
 * its ID, and a cap. Runs in the session of `seed`, whose functions it uses. None of it changes
 * statistics or the status of an order.
 */
export async function seedRest(client: pg.Client, workspaceId: string): Promise<void> {
  await client.query('SET session_replication_role = replica; SET synchronous_commit = off');
  for (const statement of statements) await client.query(statement, [workspaceId]);
  await client.query('RESET ALL');
  await client.query('VACUUM ANALYZE');
}

const first = "timestamptz '2023-11-01'";

const statements = [
  `INSERT INTO "Location" ("workspaceId", "id", "name", "sortName", "timezone", "countryCode", "createdAt", "updatedAt")
   SELECT $1::uuid, pg_temp.id_of(12, i), 'Shop ' || i, 'shop ' || i || chr(1) || 'Shop ' || i, 'Europe/Warsaw', 'PL', ${first}, ${first}
   FROM generate_series(1, 10) i`,
  `INSERT INTO "ProductVariant" ("workspaceId", "id", "productId", "sku", "options", "priceAmount", "currencyCode", "isAvailable", "position")
   SELECT $1::uuid, pg_temp.id_of(13, i * 2 + j), pg_temp.id_of(1, i), 'SKU-' || i || '-' || j, '{"size": "M"}', 10 + i, 'PLN', true, j
   FROM generate_series(1, 1000) i, generate_series(0, 1) j`,
  `INSERT INTO "PreferenceDefinition" ("workspaceId", "key", "label", "valueType", "allowedValues", "isSensitive", "createdAt", "updatedAt")
   SELECT $1::uuid, 'preference-' || i, 'Preference ' || i, 'STRING', '{}', false, ${first}, ${first} FROM generate_series(1, 5) i`,
  `INSERT INTO "PaymentMethod" ("workspaceId", "id", "customerId", "source", "externalId", "kind", "brand", "lastFour", "isActive", "createdAt", "updatedAt")
   SELECT $1::uuid, pg_temp.id_of(22, "value"::bigint), "customerId", 'shop', "value", 'CREDIT_CARD', 'visa', '4242', true, ${first}, ${first}
   FROM "CustomerExternalId" WHERE "workspaceId" = $1`,
  `INSERT INTO "Payment" ("workspaceId", "id", "orderId", "customerId", "kind", "method", "amount", "currencyCode", "occurredAt")
   SELECT $1::uuid, pg_temp.id_of(14, "externalId"::bigint), "id", "customerId", 'PAYMENT', 'CARD', "total", "currencyCode", "placedAt"
   FROM "Order" WHERE "workspaceId" = $1`,
  `INSERT INTO "Fulfillment" ("workspaceId", "id", "orderId", "customerId", "status", "carrier", "trackingNumber", "shippedAt", "createdAt")
   SELECT $1::uuid, pg_temp.id_of(15, "externalId"::bigint), "id", "customerId", 'IN_TRANSIT', 'Post', 'T-' || "externalId", "placedAt", "placedAt"
   FROM "Order" WHERE "workspaceId" = $1`,
  `INSERT INTO "Return" ("workspaceId", "id", "orderId", "customerId", "kind", "status", "reason", "occurredAt", "currencyCode", "refundAmount",
     "createdAt", "updatedAt")
   SELECT $1::uuid, pg_temp.id_of(16, "externalId"::bigint), "id", "customerId", 'RETURN', 'REJECTED', 'It does not fit', "placedAt" + interval '7 days',
     "currencyCode", 0, "placedAt", "placedAt" FROM "Order" WHERE "workspaceId" = $1 AND "externalId"::bigint % 3 = 0`,
  `INSERT INTO "ReturnLine" ("workspaceId", "id", "returnId", "customerId", "position", "orderLineId", "sku", "title", "quantity", "total")
   SELECT $1::uuid, pg_temp.id_of(17, o."externalId"::bigint), pg_temp.id_of(16, o."externalId"::bigint), o."customerId", 0, l."id", l."sku", l."title", 1, l."unitPrice"
   FROM "Order" o JOIN "OrderLine" l ON l."workspaceId" = o."workspaceId" AND l."orderId" = o."id" AND l."position" = 1
   WHERE o."workspaceId" = $1 AND o."externalId"::bigint % 3 = 0`,
  `INSERT INTO "SurveyResponse" ("workspaceId", "id", "customerId", "kind", "rating", "comment", "respondedAt", "createdAt")
   SELECT $1::uuid, pg_temp.id_of(18, "value"::bigint * 2 + j), "customerId", 'CSAT', 1 + "value"::integer % 5, 'Fast delivery',
     ${first} + ("value"::bigint % 1000 + j) * interval '1 day', ${first}
   FROM "CustomerExternalId", generate_series(0, 1) j WHERE "workspaceId" = $1`,
  `INSERT INTO "CaseHandoff" ("workspaceId", "id", "caseId", "customerId", "occurredAt", "fromKind", "fromName", "to", "reason", "openQuestions")
   SELECT $1::uuid, pg_temp.id_of(19, "number"), "id", "customerId", "openedAt", 'BOT', 'Bot', 'Support', 'The customer asks for a person', '{}'
   FROM "Case" WHERE "workspaceId" = $1`,
  `INSERT INTO "FollowUp" ("workspaceId", "id", "customerId", "kind", "text", "dueAt", "purpose", "caseId", "madeAt", "madeByKind", "status", "createdAt", "updatedAt")
   SELECT $1::uuid, "id", "customerId", 'PROMISE', 'A new one by Friday', "openedAt" + interval '3 days', 'SUPPORT', "id", "openedAt", 'STAFF', 'OPEN', ${first}, ${first}
   FROM "Case" WHERE "workspaceId" = $1`,
  `INSERT INTO "NextAction" ("workspaceId", "id", "customerId", "kind", "text", "status", "suggestedAt", "suggestedByKind", "createdAt", "updatedAt")
   SELECT $1::uuid, "id", "customerId", 'APOLOGY', 'A voucher', 'SUGGESTED', "openedAt", 'STAFF', ${first}, ${first} FROM "Case" WHERE "workspaceId" = $1`,
  `INSERT INTO "NextActionCap" ("workspaceId", "id", "currencyCode", "amount", "periodDays", "createdAt", "updatedAt")
   VALUES ($1::uuid, pg_temp.id_of(23, 1), 'PLN', 100, 30, ${first}, ${first})`,
  `UPDATE "Interaction" i SET "caseId" = c."id" FROM "Case" c WHERE c."workspaceId" = $1 AND i."workspaceId" = $1
     AND i."id" IN (pg_temp.id_of(11, c."number" * 200 + 1), pg_temp.id_of(11, c."number" * 200 + 2))`,
  `INSERT INTO "ErasureRequest" ("workspaceId", "id", "customerId", "status", "requestedAt", "dueAt", "canceledAt", "keyId", "keyName")
   SELECT $1::uuid, pg_temp.id_of(20, i), pg_temp.id_of(2, i), 'CANCELED', ${first}, ${first}, ${first}, pg_temp.id_of(21, 1), 'bench'
   FROM generate_series(1, 100) i`,
];
