-- CreateEnum
CREATE TYPE "Purpose" AS ENUM ('SUPPORT', 'ORDER_FULFILMENT', 'PERSONALISATION', 'MARKETING', 'ANALYTICS');

-- CreateEnum
CREATE TYPE "AuditAction" AS ENUM ('CREATED', 'UPDATED', 'DELETED', 'READ');

-- AlterTable
ALTER TABLE "ApiKey" ADD COLUMN     "purposes" "Purpose"[] DEFAULT ARRAY[]::"Purpose"[];

-- AlterTable
ALTER TABLE "Case" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "Customer" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "Interaction" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "Location" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "Order" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "Product" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "Return" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "IdempotencyRecord" (
    "workspaceId" UUID NOT NULL,
    "keyId" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "result" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "IdempotencyRecord_pkey" PRIMARY KEY ("workspaceId","keyId","key")
);

-- CreateTable
CREATE TABLE "AuditEvent" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,
    "keyId" UUID NOT NULL,
    "keyName" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "purpose" "Purpose",
    "requestId" TEXT NOT NULL,
    "action" "AuditAction" NOT NULL,
    "entity" TEXT NOT NULL,
    "entityId" UUID,
    "customerId" UUID,
    "changes" JSONB,
    "piiClasses" TEXT[],

    CONSTRAINT "AuditEvent_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateIndex
CREATE INDEX "IdempotencyRecord_workspaceId_createdAt_idx" ON "IdempotencyRecord"("workspaceId", "createdAt");

-- CreateIndex
CREATE INDEX "AuditEvent_workspaceId_occurredAt_id_idx" ON "AuditEvent"("workspaceId", "occurredAt", "id");

-- CreateIndex
CREATE INDEX "AuditEvent_workspaceId_customerId_occurredAt_id_idx" ON "AuditEvent"("workspaceId", "customerId", "occurredAt", "id");

-- CreateIndex
CREATE INDEX "AuditEvent_workspaceId_keyId_occurredAt_id_idx" ON "AuditEvent"("workspaceId", "keyId", "occurredAt", "id");

DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['IdempotencyRecord', 'AuditEvent'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING ("workspaceId" = (SELECT nullif(current_setting(''app.workspace_id'', true), '''')::uuid))',
      table_name);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON "IdempotencyRecord" TO rapport_app;
-- The application may not change or remove what was noted.
GRANT SELECT, INSERT ON "AuditEvent" TO rapport_app;

-- Whoever changes a row says when; so setting "updatedAt" is what makes a new version.
CREATE FUNCTION rapport_next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."version" := OLD."version" + 1;
  RETURN NEW;
END $$;

-- Notes a changed row in the words of "app.audit": who changed it, by what operation, for what purpose. What a new row
-- holds it says itself. Columns that only follow from others, and secrets, are left out.
CREATE FUNCTION rapport_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  author jsonb := current_setting('app.audit')::jsonb;
  silent text[] := ARRAY['workspaceId', 'createdAt', 'updatedAt', 'version', 'searchText', 'secretHash', 'lastCaseNumber'];
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

DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['Customer', 'Product', 'Location', 'Order', 'Return', 'Interaction', 'Case'] LOOP
    EXECUTE format('CREATE TRIGGER next_version BEFORE UPDATE OF "updatedAt" ON %I FOR EACH ROW EXECUTE FUNCTION rapport_next_version()', table_name);
  END LOOP;
  -- All but what is counted from other rows, and what notes how far a write has got.
  FOR table_name IN
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT IN ('_prisma_migrations',
      'CustomerStatistics', 'PurchasedProduct', 'ImportCheckpoint', 'IdempotencyRecord', 'AuditEvent')
  LOOP
    EXECUTE format(
      'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW
       WHEN (current_setting(''app.audit'', true) <> '''') EXECUTE FUNCTION rapport_audit()', table_name);
  END LOOP;
END $$;
