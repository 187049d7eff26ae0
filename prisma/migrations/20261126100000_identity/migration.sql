-- AlterTable
ALTER TABLE "Customer" ADD COLUMN     "isNameChosen" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "sortName" TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE "Product" ADD COLUMN     "sortName" TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE "Location" ADD COLUMN     "sortName" TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE "CustomerTag" ADD COLUMN     "labelKey" TEXT;
ALTER TABLE "ErasedKey" ADD COLUMN     "isLegacy" BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE "ErasedKey" ALTER COLUMN "isLegacy" SET DEFAULT false;

-- DropIndex
DROP INDEX "Customer_workspaceId_displayName_id_idx";
DROP INDEX "Product_workspaceId_category_title_id_idx";
DROP INDEX "Product_workspaceId_title_id_idx";
DROP INDEX "Location_workspaceId_name_id_idx";
DROP INDEX "CustomerTag_workspaceId_tag_customerId_idx";

ALTER TABLE "Customer" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "CustomerExternalId" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "CustomerTag" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "Product" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "Location" NO FORCE ROW LEVEL SECURITY;

-- `sortKey` of a name in plain ASCII. Other names stay empty until the data upgrade, which has Unicode's rules.
CREATE FUNCTION pg_temp.sort_key(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN name ~ '^[ -~]*$'
    THEN left(btrim(translate(lower(name COLLATE "C"), '''`-', '')), 200) || chr(1) || left(name, 100) ELSE '' END
$$;

-- Nobody chose a name that says how the customer was first known: a masked contact point or an external id. It gives way
-- to their given and family name where those became known later. Joined names were not chosen either.
WITH named AS (
  SELECT c."workspaceId", c."id", concat_ws(' ', c."givenName", c."familyName") AS joined,
    c."status" <> 'ERASED' AND (c."displayName" LIKE '%***%' OR c."displayName" = c."id"::text OR EXISTS (
      SELECT 1 FROM "CustomerExternalId" e
      WHERE e."workspaceId" = c."workspaceId" AND e."customerId" = c."id" AND e."value" = c."displayName"
    )) AS is_stand_in
  FROM "Customer" c
)
UPDATE "Customer" c SET
  "isNameChosen" = c."status" <> 'ERASED' AND NOT n.is_stand_in AND c."displayName" <> n.joined,
  "displayName" = CASE WHEN n.is_stand_in AND n.joined <> '' THEN n.joined ELSE c."displayName" END,
  "sortName" = CASE WHEN n.is_stand_in AND n.joined <> '' OR c."searchText" !~ '^[ -~\t\n]*$' THEN ''
    ELSE pg_temp.sort_key(c."displayName") END,
  "searchText" = translate(c."searchText", '''`-', '')
FROM named n WHERE n."workspaceId" = c."workspaceId" AND n."id" = c."id";
UPDATE "Product" SET "sortName" = pg_temp.sort_key("title");
UPDATE "Location" SET "sortName" = pg_temp.sort_key("name");
DROP FUNCTION pg_temp.sort_key(text);

-- Tags that differ only in case are one. The data upgrade merges those beyond ASCII.
UPDATE "CustomerTag" SET "labelKey" = CASE WHEN "tag" ~ '^[ -~]*$' THEN lower("tag" COLLATE "C") ELSE "tag" END;
DELETE FROM "CustomerTag" t USING "CustomerTag" first
  WHERE first."workspaceId" = t."workspaceId" AND first."customerId" = t."customerId" AND first."labelKey" = t."labelKey"
    AND first.ctid < t.ctid;
ALTER TABLE "CustomerTag" ALTER COLUMN "labelKey" SET NOT NULL;

ALTER TABLE "Customer" FORCE ROW LEVEL SECURITY;
ALTER TABLE "CustomerExternalId" FORCE ROW LEVEL SECURITY;
ALTER TABLE "CustomerTag" FORCE ROW LEVEL SECURITY;
ALTER TABLE "Product" FORCE ROW LEVEL SECURITY;
ALTER TABLE "Location" FORCE ROW LEVEL SECURITY;

-- CreateIndex
CREATE INDEX "Customer_workspaceId_sortName_id_idx" ON "Customer"("workspaceId", "sortName", "id");
CREATE INDEX "Product_workspaceId_sortName_id_idx" ON "Product"("workspaceId", "sortName", "id");
CREATE INDEX "Product_workspaceId_category_sortName_id_idx" ON "Product"("workspaceId", "category", "sortName", "id");
CREATE INDEX "Location_workspaceId_sortName_id_idx" ON "Location"("workspaceId", "sortName", "id");
CREATE INDEX "CustomerTag_workspaceId_labelKey_customerId_idx" ON "CustomerTag"("workspaceId", "labelKey", "customerId");

-- AlterTable
ALTER TABLE "CustomerTag" DROP CONSTRAINT "CustomerTag_pkey",
ADD CONSTRAINT "CustomerTag_pkey" PRIMARY KEY ("workspaceId", "customerId", "labelKey");

-- Primary keys are made last, as in 20261124000000_primary_keys_last, now of the tables that got a new index.
DO $$
DECLARE
  key record;
  reference record;
BEGIN
  CREATE TEMP TABLE constraints ON COMMIT DROP AS
    SELECT contype AS kind, conrelid::regclass::text AS "table", quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint
    WHERE contype = 'f' AND confrelid IN ('"Customer"'::regclass, '"Product"'::regclass, '"Location"'::regclass)
      OR contype = 'p' AND conrelid IN ('"Customer"'::regclass, '"Product"'::regclass, '"Location"'::regclass);
  FOR reference IN SELECT * FROM constraints WHERE kind = 'f' LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %s', reference."table", reference.name);
  END LOOP;
  FOR key IN SELECT * FROM constraints WHERE kind = 'p' LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %s, ADD CONSTRAINT %s %s', key."table", key.name, key.name, key.definition);
  END LOOP;
  FOR reference IN SELECT * FROM constraints WHERE kind = 'f' LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %s %s', reference."table", reference.name, reference.definition);
  END LOOP;
  DROP TABLE constraints;
END $$;

-- The audit log leaves out columns that only follow from others: now "sortName" and "labelKey" too.
CREATE OR REPLACE FUNCTION rapport_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  author jsonb := current_setting('app.audit')::jsonb;
  silent text[] := ARRAY['workspaceId', 'createdAt', 'updatedAt', 'version', 'searchText', 'sortName', 'labelKey', 'secretHash', 'lastCaseNumber'];
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
  whose := CASE
    WHEN TG_TABLE_NAME = 'Customer' THEN ARRAY[touched ->> 'id']
    WHEN TG_TABLE_NAME IN ('Payment', 'Fulfillment') THEN
      ARRAY(SELECT "customerId"::text FROM "Order" WHERE "workspaceId" = (touched ->> 'workspaceId')::uuid AND "id" = (touched ->> 'orderId')::uuid)
    WHEN TG_TABLE_NAME = 'ReturnLine' THEN
      ARRAY(SELECT "customerId"::text FROM "Return" WHERE "workspaceId" = (touched ->> 'workspaceId')::uuid AND "id" = (touched ->> 'returnId')::uuid)
    WHEN TG_TABLE_NAME = 'CaseHandoff' THEN
      ARRAY(SELECT "customerId"::text FROM "Case" WHERE "workspaceId" = (touched ->> 'workspaceId')::uuid AND "id" = (touched ->> 'caseId')::uuid)
    ELSE ARRAY(SELECT DISTINCT id FROM unnest(ARRAY[before ->> 'customerId', after ->> 'customerId']) AS id WHERE id IS NOT NULL)
  END;
  IF cardinality(whose) = 0 THEN whose := ARRAY[NULL::text]; END IF;
  INSERT INTO "AuditEvent" ("workspaceId", "id", "occurredAt", "keyId", "keyName", "operation", "purpose", "requestId",
    "action", "entity", "entityId", "customerId", "changes", "piiClasses")
  SELECT coalesce(touched ->> 'workspaceId', touched ->> 'id')::uuid, gen_random_uuid(), clock_timestamp(), (author ->> 'keyId')::uuid,
    author ->> 'keyName', author ->> 'operation', (author ->> 'purpose')::"Purpose", author ->> 'requestId',
    CASE TG_OP WHEN 'INSERT' THEN 'CREATED' WHEN 'UPDATE' THEN 'UPDATED' ELSE 'DELETED' END::"AuditAction",
    TG_TABLE_NAME, (touched ->> 'id')::uuid, customer::uuid, changes, '{}'
  FROM unnest(whose) AS customer;
  RETURN NULL;
END $$;
