-- Parts of an order, return or case repeat its customer, as order lines do. A policy then compares one column of the row
-- itself, which needs no other table.
-- AlterTable
ALTER TABLE "Payment" ADD COLUMN     "customerId" UUID;
-- AlterTable
ALTER TABLE "Fulfillment" ADD COLUMN     "customerId" UUID;
-- AlterTable
ALTER TABLE "ReturnLine" ADD COLUMN     "customerId" UUID;
-- AlterTable
ALTER TABLE "CaseHandoff" ADD COLUMN     "customerId" UUID;

-- Whoever owns the tables may not be a superuser, and would see no rows while row-level security is forced.
ALTER TABLE "Order" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "Return" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "Case" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "Payment" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "Fulfillment" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "ReturnLine" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "CaseHandoff" NO FORCE ROW LEVEL SECURITY;

UPDATE "Payment" p SET "customerId" = o."customerId" FROM "Order" o
WHERE o."workspaceId" = p."workspaceId" AND o."id" = p."orderId" AND o."customerId" IS NOT NULL;
UPDATE "Fulfillment" f SET "customerId" = o."customerId" FROM "Order" o
WHERE o."workspaceId" = f."workspaceId" AND o."id" = f."orderId" AND o."customerId" IS NOT NULL;
UPDATE "ReturnLine" l SET "customerId" = r."customerId" FROM "Return" r
WHERE r."workspaceId" = l."workspaceId" AND r."id" = l."returnId" AND r."customerId" IS NOT NULL;
UPDATE "CaseHandoff" h SET "customerId" = k."customerId" FROM "Case" k
WHERE k."workspaceId" = h."workspaceId" AND k."id" = h."caseId" AND k."customerId" IS NOT NULL;

ALTER TABLE "Order" FORCE ROW LEVEL SECURITY;
ALTER TABLE "Return" FORCE ROW LEVEL SECURITY;
ALTER TABLE "Case" FORCE ROW LEVEL SECURITY;
ALTER TABLE "Payment" FORCE ROW LEVEL SECURITY;
ALTER TABLE "Fulfillment" FORCE ROW LEVEL SECURITY;
ALTER TABLE "ReturnLine" FORCE ROW LEVEL SECURITY;
ALTER TABLE "CaseHandoff" FORCE ROW LEVEL SECURITY;

-- Writers set the customer of a new part. When an order, return or case moves to another customer, its parts follow. The
-- arguments are the column that refers to it, and the tables of the parts. Runs after `keep_past`, which keeps the parts
-- as they were: triggers run in the order of their names.
CREATE FUNCTION rapport_move_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. TG_NARGS - 1 LOOP
    EXECUTE format('UPDATE %I SET "customerId" = $1 WHERE "workspaceId" = $2 AND %I = $3 AND "customerId" IS DISTINCT FROM $1',
      TG_ARGV[i], TG_ARGV[0]) USING NEW."customerId", NEW."workspaceId", NEW."id";
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER move_parts AFTER UPDATE OF "customerId" ON "Order" FOR EACH ROW
  WHEN (NEW."customerId" IS DISTINCT FROM OLD."customerId") EXECUTE FUNCTION rapport_move_parts('orderId', 'OrderLine', 'Payment', 'Fulfillment');
CREATE TRIGGER move_parts AFTER UPDATE OF "customerId" ON "Return" FOR EACH ROW
  WHEN (NEW."customerId" IS DISTINCT FROM OLD."customerId") EXECUTE FUNCTION rapport_move_parts('returnId', 'ReturnLine');
CREATE TRIGGER move_parts AFTER UPDATE OF "customerId" ON "Case" FOR EACH ROW
  WHEN (NEW."customerId" IS DISTINCT FROM OLD."customerId") EXECUTE FUNCTION rapport_move_parts('caseId', 'CaseHandoff');

-- As before, but every row now says whose it is. The arguments are columns to leave out, because they only follow from
-- another row.
CREATE OR REPLACE FUNCTION rapport_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  author jsonb := current_setting('app.audit')::jsonb;
  silent text[] := ARRAY['workspaceId', 'createdAt', 'updatedAt', 'version', 'searchText', 'sortName', 'labelKey', 'secretHash', 'lastCaseNumber'] || TG_ARGV;
  before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
  after jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
  touched jsonb := before || after;
  changes jsonb;
  whose text[];
BEGIN
  IF TG_OP <> 'INSERT' OR NOT after ? 'id' THEN
    SELECT jsonb_object_agg(key, jsonb_build_array(b.value, a.value)) INTO changes
      FROM jsonb_each(before) b FULL JOIN jsonb_each(after) a USING (key)
      WHERE coalesce(b.value, 'null') IS DISTINCT FROM coalesce(a.value, 'null') AND key <> ALL (silent);
    IF changes IS NULL THEN RETURN NULL; END IF;
  END IF;
  -- Whose it is; where it goes from one to another, of both.
  whose := CASE WHEN TG_TABLE_NAME = 'Customer' THEN ARRAY[touched ->> 'id']
    ELSE ARRAY(SELECT DISTINCT id FROM unnest(ARRAY[before ->> 'customerId', after ->> 'customerId']) AS id WHERE id IS NOT NULL) END;
  IF cardinality(whose) = 0 THEN whose := ARRAY[NULL::text]; END IF;
  IF pg_column_size(changes) > 200 AND author ? 'valueBytes' THEN
    changes := rapport_changes_within(changes, (author ->> 'valueBytes')::bigint, cardinality(whose));
  END IF;
  INSERT INTO "AuditEvent" ("workspaceId", "id", "occurredAt", "keyId", "keyName", "operation", "purpose", "requestId",
    "action", "entity", "entityId", "customerId", "changes", "piiClasses")
  SELECT coalesce(touched ->> 'workspaceId', touched ->> 'id')::uuid, gen_random_uuid(), clock_timestamp(), (author ->> 'keyId')::uuid,
    author ->> 'keyName', author ->> 'operation', (author ->> 'purpose')::"Purpose", author ->> 'requestId',
    CASE TG_OP WHEN 'INSERT' THEN 'CREATED' WHEN 'UPDATE' THEN 'UPDATED' ELSE 'DELETED' END::"AuditAction",
    TG_TABLE_NAME, (touched ->> 'id')::uuid, customer::uuid, changes, '{}'
  FROM unnest(whose) AS customer;
  RETURN NULL;
END $$;

DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['OrderLine', 'Payment', 'Fulfillment', 'ReturnLine', 'CaseHandoff'] LOOP
    EXECUTE format(
      'CREATE OR REPLACE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW
       WHEN (current_setting(''app.audit'', true) <> '''') EXECUTE FUNCTION rapport_audit(''customerId'')', table_name);
  END LOOP;
END $$;

-- Foreign keys without ON UPDATE CASCADE: no key ever changes, and a distributed database may not support it on the column
-- by which it distributes rows. The next migration validates them, which takes longer, but blocks neither reads nor writes.
DO $$
DECLARE
  key record;
BEGIN
  FOR key IN
    SELECT conrelid::regclass::text AS "table", quote_ident(conname) AS name,
      replace(pg_get_constraintdef(oid), ' ON UPDATE CASCADE', '') AS definition
    FROM pg_constraint WHERE contype = 'f' AND confupdtype = 'c' AND conrelid IN (SELECT polrelid FROM pg_policy WHERE polname = 'tenant')
    ORDER BY oid
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %s, ADD CONSTRAINT %s %s NOT VALID', key."table", key.name, key.name, key.definition);
  END LOOP;
END $$;

-- The owner of the tables is a member of all three roles, so policies of these roles hold for the owner as well. Until now
-- the policies of customers kept it from reading everything; now this keeps those of rapport_definer to that role. It is
-- evaluated when a statement is planned, which is done again for another role: a condition that remains in the plan would
-- keep the search from using its index.
CREATE FUNCTION rapport_is_definer() RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT CURRENT_USER = 'rapport_definer' $$;

-- One permissive policy for each role that may read a table, which bears the role's name.
DO $$
DECLARE
  workspace constant text := ' = nullif(current_setting(''app.workspace_id'', true), '''')::uuid';
  customer constant text := ' = nullif(current_setting(''app.customer_id'', true), '''')::uuid';
  tenant text;
  named record;
BEGIN
  FOR named IN SELECT tablename AS "table" FROM pg_policies WHERE schemaname = 'public' AND policyname = 'tenant' LOOP
    tenant := CASE named."table" WHEN 'Workspace' THEN '"id"' ELSE '"workspaceId"' END || workspace;
    EXECUTE format('DROP POLICY tenant ON %I', named."table");
    EXECUTE format('CREATE POLICY app ON %I TO rapport_app USING (%s)', named."table", tenant);
  END LOOP;
  FOR named IN SELECT tablename AS "table" FROM pg_policies WHERE schemaname = 'public' AND policyname = 'definer' LOOP
    EXECUTE format('ALTER POLICY definer ON %I USING (rapport_is_definer())', named."table");
  END LOOP;
  FOR named IN SELECT * FROM (VALUES
    ('Customer', ' AND "id"' || customer),
    ('ContactPoint', ' AND "customerId"' || customer),
    ('CustomerExternalId', ' AND "customerId"' || customer),
    ('Address', ' AND "customerId"' || customer),
    ('Order', ' AND "customerId"' || customer),
    ('OrderLine', ' AND "customerId"' || customer),
    ('Payment', ' AND "customerId"' || customer),
    ('Fulfillment', ' AND "customerId"' || customer),
    ('Return', ' AND "customerId"' || customer),
    ('ReturnLine', ' AND "customerId"' || customer),
    ('CustomerStatistics', ' AND "customerId"' || customer),
    ('PurchasedProduct', ' AND "customerId"' || customer),
    ('Preference', ' AND "customerId"' || customer),
    ('Consent', ' AND "customerId"' || customer),
    ('ConsentEvent', ' AND "customerId"' || customer),
    ('Case', ' AND "customerId"' || customer),
    ('SurveyResponse', ' AND "customerId"' || customer),
    -- What staff say among themselves is not for them.
    ('Interaction', ' AND "customerId"' || customer || ' AND "direction" <> ''INTERNAL'''),
    -- The same for everybody.
    ('Workspace', ''), ('Product', ''), ('ProductVariant', ''), ('Location', ''), ('PreferenceDefinition', ''),
    -- Queries of customers may name these, and find nothing.
    ('CustomerTag', NULL), ('CaseHandoff', NULL), ('ApiKey', NULL), ('AuditEvent', NULL), ('ErasureRequest', NULL)
  ) AS shown ("table", condition) LOOP
    tenant := CASE named."table" WHEN 'Workspace' THEN '"id"' ELSE '"workspaceId"' END || workspace;
    EXECUTE format('DROP POLICY own ON %I', named."table");
    EXECUTE format('CREATE POLICY customer ON %I FOR SELECT TO rapport_customer USING (%s)', named."table",
      coalesce(tenant || named.condition, 'false'));
  END LOOP;
END $$;
