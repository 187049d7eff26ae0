-- CreateEnum
CREATE TYPE "ErasureStatus" AS ENUM ('PENDING', 'CANCELED', 'EXECUTED');

-- AlterTable
ALTER TABLE "Workspace" ADD COLUMN     "interactionRetentionDays" INTEGER;

-- CreateTable
CREATE TABLE "ErasureRequest" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customerId" UUID NOT NULL,
    "status" "ErasureStatus" NOT NULL,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL,
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "canceledAt" TIMESTAMPTZ(3),
    "executedAt" TIMESTAMPTZ(3),
    "keyId" UUID NOT NULL,
    "keyName" TEXT NOT NULL,

    CONSTRAINT "ErasureRequest_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "ErasedKey" (
    "workspaceId" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "customerId" UUID NOT NULL,

    CONSTRAINT "ErasedKey_pkey" PRIMARY KEY ("workspaceId","hash")
);

-- CreateIndex
CREATE INDEX "ErasureRequest_workspaceId_requestedAt_id_idx" ON "ErasureRequest"("workspaceId", "requestedAt", "id");

-- CreateIndex
CREATE INDEX "ErasureRequest_workspaceId_dueAt_idx" ON "ErasureRequest"("workspaceId", "dueAt");

-- CreateIndex
CREATE INDEX "ErasureRequest_workspaceId_customerId_idx" ON "ErasureRequest"("workspaceId", "customerId");

-- CreateIndex
CREATE INDEX "ErasedKey_workspaceId_customerId_idx" ON "ErasedKey"("workspaceId", "customerId");

-- AddForeignKey
ALTER TABLE "ErasureRequest" ADD CONSTRAINT "ErasureRequest_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ErasedKey" ADD CONSTRAINT "ErasedKey_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['ErasureRequest', 'ErasedKey'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING ("workspaceId" = (SELECT nullif(current_setting(''app.workspace_id'', true), '''')::uuid))',
      table_name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO rapport_app', table_name);
  END LOOP;
END $$;
GRANT SELECT ON "ErasureRequest" TO rapport_customer;
CREATE POLICY own ON "ErasureRequest" AS RESTRICTIVE TO rapport_customer USING (false);
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "ErasureRequest" FOR EACH ROW
  WHEN (current_setting('app.audit', true) <> '') EXECUTE FUNCTION rapport_audit();

-- Orders and returns of somebody who was erased stay for the books, and may be written again: what is personal of them
-- does not come back, whoever writes it.
CREATE FUNCTION rapport_keep_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "Customer" WHERE "workspaceId" = NEW."workspaceId" AND "id" = NEW."customerId" AND "status" = 'ERASED') THEN
    IF TG_TABLE_NAME = 'Order' THEN
      NEW."note" := NULL;
      NEW."cancelReason" := NULL;
      NEW."shippingAddress" := NULL;
    ELSE
      NEW."reason" := NULL;
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_erased BEFORE INSERT OR UPDATE ON "Order" FOR EACH ROW
  WHEN (coalesce(NEW."note", NEW."cancelReason", NEW."shippingAddress"::text) IS NOT NULL) EXECUTE FUNCTION rapport_keep_erased();
CREATE TRIGGER keep_erased BEFORE INSERT OR UPDATE ON "Return" FOR EACH ROW
  WHEN (NEW."reason" IS NOT NULL) EXECUTE FUNCTION rapport_keep_erased();

-- The one change that is ever made to what was noted: values go where the person goes, who did what and when stays.
GRANT SELECT, UPDATE ("changes") ON "AuditEvent" TO rapport_definer;
CREATE POLICY definer ON "AuditEvent" TO rapport_definer USING (true);
CREATE FUNCTION rapport_erase_audit(customer uuid, entities uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public."AuditEvent" SET "changes" = NULL
  WHERE "workspaceId" = nullif(current_setting('app.workspace_id', true), '')::uuid AND "changes" IS NOT NULL
    AND ("customerId" = customer OR "entityId" = ANY (entities))
$$;
GRANT CREATE ON SCHEMA public TO rapport_definer;
ALTER FUNCTION rapport_erase_audit(uuid, uuid[]) OWNER TO rapport_definer;
REVOKE CREATE ON SCHEMA public FROM rapport_definer;
REVOKE ALL ON FUNCTION rapport_erase_audit(uuid, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rapport_erase_audit(uuid, uuid[]) TO rapport_app;
