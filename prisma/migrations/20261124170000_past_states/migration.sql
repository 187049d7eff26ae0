-- AlterTable
ALTER TABLE "Order" ADD COLUMN "changedAt" TIMESTAMPTZ(3);
ALTER TABLE "Return" ADD COLUMN "changedAt" TIMESTAMPTZ(3);
ALTER TABLE "Case" ADD COLUMN "changedAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "PastState" (
    "workspaceId" UUID NOT NULL,
    "customerId" UUID NOT NULL,
    "entity" TEXT NOT NULL,
    "entityId" UUID NOT NULL,
    "since" TIMESTAMPTZ(3),
    "until" TIMESTAMPTZ(3) NOT NULL,
    "state" JSONB NOT NULL,

    CONSTRAINT "PastState_pkey" PRIMARY KEY ("workspaceId","customerId","entityId","until")
);

-- AddForeignKey
ALTER TABLE "PastState" ADD CONSTRAINT "PastState_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "PastState" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "PastState" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "PastState" USING ("workspaceId" = (SELECT nullif(current_setting('app.workspace_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON "PastState" TO rapport_app;

-- Keeps what a row was until it was changed. A change that sets "changedAt" on is one; a change that leaves it corrects.
CREATE FUNCTION rapport_keep_past() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  state jsonb := to_jsonb(OLD);
BEGIN
  IF TG_TABLE_NAME = 'Order' THEN
    state := state || jsonb_build_object(
      'OrderLine', (SELECT coalesce(jsonb_agg(d), '[]') FROM "OrderLine" d WHERE d."workspaceId" = OLD."workspaceId" AND d."orderId" = OLD."id"),
      'Payment', (SELECT coalesce(jsonb_agg(d), '[]') FROM "Payment" d WHERE d."workspaceId" = OLD."workspaceId" AND d."orderId" = OLD."id"),
      'Fulfillment', (SELECT coalesce(jsonb_agg(d), '[]') FROM "Fulfillment" d WHERE d."workspaceId" = OLD."workspaceId" AND d."orderId" = OLD."id"));
  END IF;
  INSERT INTO "PastState" ("workspaceId", "customerId", "entity", "entityId", "since", "until", "state")
  VALUES (OLD."workspaceId", OLD."customerId", TG_TABLE_NAME, OLD."id", OLD."changedAt", NEW."changedAt", state);
  RETURN NULL;
END $$;

DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['Order', 'Return', 'Case'] LOOP
    EXECUTE format(
      'CREATE TRIGGER keep_past AFTER UPDATE OF "changedAt" ON %I FOR EACH ROW
       WHEN (OLD."customerId" IS NOT NULL AND NEW."changedAt" > coalesce(OLD."changedAt", ''-infinity'')) EXECUTE FUNCTION rapport_keep_past()',
      table_name);
  END LOOP;
END $$;
