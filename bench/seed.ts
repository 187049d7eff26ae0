import type pg from 'pg';

/**
 * Fills a workspace with this many customers: ten orders each on average, but a few customers have many and many have
 * few; three lines per order, with most sales on few products; ten interactions each, equally uneven; contact points,
 * an address, preferences and consents. Every tenth customer has an open case. The rows are computed in the database
 * from numbers, so they are the same each time; triggers and foreign keys are disabled meanwhile. Customer n is
 * customer-n@example.com.
 */
export async function seed(client: pg.Client, workspaceId: string, customers: number): Promise<void> {
  await client.query(`SET session_replication_role = replica; SET synchronous_commit = off; SET jit = off;
    SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'`);
  await client.query(functions);
  for (const statement of statements) {
    const values = statement.includes('$2') ? [workspaceId, customers] : [workspaceId];
    await client.query(statement, values);
  }
  await client.query('DROP TABLE seed_customer, seed_order; RESET ALL');
  await client.query('VACUUM ANALYZE');
}

// IDs in order of creation, like UUIDv7; pseudorandom numbers; and uneven counts, ten on average.
const functions = `
  CREATE OR REPLACE FUNCTION pg_temp.id_of(kind integer, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT (lpad(to_hex(n), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8' || repeat('0', 15))::uuid $$;
  CREATE OR REPLACE FUNCTION pg_temp.drawn(salt integer, n bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS
    $$ SELECT (hashint8(n * 64 + salt)::bigint + 2147483648) / 4294967296.0::float8 $$;
  CREATE OR REPLACE FUNCTION pg_temp.many(u float8) RETURNS integer LANGUAGE sql IMMUTABLE AS
    $$ SELECT least(200, ceil(4.4 * (1 - u) ^ -0.62) - 2)::integer $$;
`;

const day = "interval '1 day'";
const first = "timestamptz '2023-11-01'";

const statements = [
  `INSERT INTO "Product" ("workspaceId", "id", "title", "sortName", "category", "tags", "isActive", "createdAt", "updatedAt")
   SELECT $1::uuid, pg_temp.id_of(1, i), 'Product ' || i, 'product ' || i || chr(1) || 'Product ' || i, 'Category ' || i % 20, '{}', true, ${first}, ${first} FROM generate_series(1, 1000) i`,
  `CREATE TEMP TABLE seed_customer AS
   SELECT i, pg_temp.id_of(2, i) AS id, sum(n) OVER (ORDER BY i) - n AS before, n FROM (
     SELECT i, pg_temp.many(pg_temp.drawn(1, i)) AS n FROM generate_series(1, $2::bigint) i WHERE $1::uuid IS NOT NULL) counted`,
  `INSERT INTO "Customer" ("workspaceId", "id", "displayName", "givenName", "familyName", "register", "locale", "timezone", "birthMonth", "birthDay",
     "country", "note", "salutation", "searchText", "sortName", "createdAt", "updatedAt")
   SELECT $1::uuid, id, given || ' ' || family, given, family, 'FORMAL', 'pl-PL', 'Europe/Warsaw', 1 + i % 12, 1 + i % 28, 'PL', 'Note on customer ' || i,
     '{"pl": "Szanowna Pani"}', lower(given || ' ' || family) || chr(9) || 'customer' || i || '@example.com',
     lower(given || ' ' || family) || chr(1) || given || ' ' || family,
     ${first} + i * interval '1 second', ${first} + i * interval '1 second'
   FROM (SELECT *, (ARRAY['Anna', 'Ewa', 'Zofia', 'Maria', 'Olena', 'Iryna', 'Sofia', 'Emma'])[1 + i % 8] AS given,
     'Family' || (pg_temp.drawn(2, i) * 20000)::integer AS family FROM seed_customer) named`,
  ...[
    ['EMAIL', "'customer-' || i || '@example.com'"],
    ['PHONE', "'+48' || 500000000 + i"],
  ].map(
    (
      [kind, value],
      at,
    ) => `INSERT INTO "ContactPoint" ("workspaceId", "id", "customerId", "kind", "value", "normalizedValue", "isPrimary", "createdAt")
     SELECT $1::uuid, pg_temp.id_of(${3 + at}, i), id, '${kind}', ${value}, ${value}, true, ${first} FROM seed_customer`,
  ),
  `INSERT INTO "CustomerExternalId" ("workspaceId", "source", "value", "customerId", "createdAt")
   SELECT $1::uuid, 'shop', i, id, ${first} FROM seed_customer`,
  `INSERT INTO "Address" ("workspaceId", "id", "customerId", "kind", "lines", "city", "postalCode", "countryCode", "isDefault", "createdAt")
   SELECT $1::uuid, pg_temp.id_of(5, i), id, 'SHIPPING', ARRAY['Long Street ' || i % 100], 'Warszawa', '00-950', 'PL', true, ${first} FROM seed_customer`,
  `INSERT INTO "Preference" ("workspaceId", "id", "customerId", "key", "valueType", "values", "origin", "confidence", "status", "doNotUse", "validFrom", "createdAt")
   SELECT $1::uuid, pg_temp.id_of(6, i * 5 + j), id, 'preference-' || j, 'STRING', ARRAY['value ' || i % 7], 'STATED', 1, 'ACTIVE', j = 5, ${first}, ${first}
   FROM seed_customer, generate_series(1, 5) j`,
  ...['Consent', 'ConsentEvent'].map(
    (
      table,
    ) => `INSERT INTO "${table}" ("workspaceId", "id", "customerId", "channel", "purpose", "status", "capturedAt"${table === 'ConsentEvent' ? ', "createdAt"' : ''})
     SELECT $1::uuid, pg_temp.id_of(7, i * 2 + j), id, 'EMAIL', (ARRAY['SERVICE', 'MARKETING'])[j]::"ConsentPurpose",
       (CASE WHEN j = 2 AND i % 3 = 0 THEN 'REVOKED' ELSE 'GRANTED' END)::"ConsentStatus", ${first}${table === 'ConsentEvent' ? `, ${first}` : ''}
     FROM seed_customer, generate_series(1, 2) j`,
  ),
  `CREATE TEMP TABLE seed_order AS
   SELECT before + j AS i, pg_temp.id_of(8, before + j) AS id, id AS "customerId",
     ${first} + (pg_temp.drawn(3, before + j) * 1110)::integer * ${day} + pg_temp.drawn(4, before + j) * ${day} AS "placedAt",
     1 + (pg_temp.drawn(5, before + j) * 5)::integer % 5 AS lines
   FROM seed_customer, generate_series(1, n) j WHERE $1::uuid IS NOT NULL`,
  `INSERT INTO "OrderLine" ("workspaceId", "id", "orderId", "customerId", "position", "productId", "sku", "title", "quantity", "unitPrice", "total")
   SELECT $1::uuid, pg_temp.id_of(9, i * 5 + j), id, "customerId", j, pg_temp.id_of(1, product), 'SKU-' || product, 'Product ' || product, quantity, price, quantity * price
   FROM (SELECT o.*, j, 1 + floor(999 * pg_temp.drawn(6, o.i * 5 + j) ^ 3)::integer AS product, 1 + (pg_temp.drawn(7, o.i * 5 + j) * 3)::integer AS quantity,
     (5 + floor(pg_temp.drawn(8, o.i * 5 + j) * 9500) / 100)::numeric AS price
   FROM seed_order o, generate_series(1, lines) j) drawn`,
  `INSERT INTO "Order" ("workspaceId", "id", "number", "source", "externalId", "customerId", "channel", "placedAt", "currencyCode", "subtotal", "discount",
     "shipping", "tax", "total", "status", "statedStatus", "paymentStatus", "statedPaymentStatus", "amountPaid", "createdAt", "updatedAt")
   SELECT $1::uuid, o.id, 'A-' || o.i, 'shop', o.i, o."customerId", 'WEB', o."placedAt", 'PLN', l.total, 0, 0, 0, l.total,
     s.status, s.status, 'PAID', 'PAID', l.total, o."placedAt", o."placedAt"
   FROM seed_order o CROSS JOIN LATERAL (SELECT (CASE WHEN o.i % 20 = 0 THEN 'UNFULFILLED' ELSE 'FULFILLED' END)::"OrderStatus" AS status) s JOIN (SELECT "orderId", sum("total") AS total FROM "OrderLine" WHERE "workspaceId" = $1 GROUP BY 1) l ON l."orderId" = o.id`,
  `INSERT INTO "CustomerStatistics" ("workspaceId", "customerId", "currencyCode", "numberOfOrders", "amountOrdered", "amountSpent", "amountReturned", "firstOrderAt", "lastOrderAt")
   SELECT $1::uuid, "customerId", 'PLN', count(*), sum("total"), sum("total"), 0, min("placedAt"), max("placedAt") FROM "Order" WHERE "workspaceId" = $1 GROUP BY "customerId"`,
  `INSERT INTO "PurchasedProduct" ("workspaceId", "customerId", "productId", "timesBought", "quantity", "firstBoughtAt", "lastBoughtAt")
   SELECT $1::uuid, l."customerId", l."productId", count(DISTINCT o.id), sum(l."quantity"), min(o."placedAt"), max(o."placedAt")
   FROM "OrderLine" l JOIN seed_order o ON o.id = l."orderId" WHERE l."workspaceId" = $1 GROUP BY 1, 2, 3`,
  `INSERT INTO "Case" ("workspaceId", "id", "number", "customerId", "kind", "status", "priority", "subject", "openedAt", "promiseText", "promiseDueAt",
     "promiseStatus", "createdAt", "updatedAt")
   SELECT $1::uuid, pg_temp.id_of(10, i), i, id, 'COMPLAINT', 'OPEN', 'HIGH', 'The lamp does not work', ${first} + 1100 * ${day}, 'A new one by Friday',
     ${first} + 1120 * ${day}, 'OPEN', ${first}, ${first} FROM seed_customer WHERE i % 10 = 0`,
  `INSERT INTO "Interaction" ("workspaceId", "id", "customerId", "channel", "direction", "kind", "occurredAt", "actorKind", "subject", "body", "topics",
     "createdAt", "updatedAt")
   SELECT $1::uuid, pg_temp.id_of(11, i * 200 + j), id, 'EMAIL', (CASE WHEN j % 2 = 0 THEN 'OUTBOUND' ELSE 'INBOUND' END)::"InteractionDirection", 'MESSAGE', at,
     'CUSTOMER', 'About my order', 'Hello, I should like to know when my parcel comes. ' || j, ARRAY['delivery'], at, at
   FROM (SELECT *, ${first} + (pg_temp.drawn(9, i * 200 + j) * 1110 * 86400)::integer * interval '1 second' AS at
     FROM seed_customer, generate_series(1, pg_temp.many(pg_temp.drawn(10, i))) j) drawn`,
];
