-- A row that is deleted is looked up in every table that refers to it: without an index, in all of its rows. Rows that
-- refer to nothing are not in these indexes, so they cost nothing to write.
-- CreateIndex
CREATE INDEX "Case_workspaceId_orderId_idx" ON "Case"("workspaceId", "orderId") WHERE "orderId" IS NOT NULL;
-- CreateIndex
CREATE INDEX "Customer_workspaceId_mergedIntoId_idx" ON "Customer"("workspaceId", "mergedIntoId") WHERE "mergedIntoId" IS NOT NULL;
-- CreateIndex
CREATE INDEX "Interaction_workspaceId_locationId_idx" ON "Interaction"("workspaceId", "locationId") WHERE "locationId" IS NOT NULL;
-- CreateIndex
CREATE INDEX "Order_workspaceId_locationId_idx" ON "Order"("workspaceId", "locationId") WHERE "locationId" IS NOT NULL;
-- Look-ups name both columns.
DROP INDEX "OrderLine_workspaceId_customerId_productId_idx";
-- CreateIndex
CREATE INDEX "OrderLine_workspaceId_productId_customerId_idx" ON "OrderLine"("workspaceId", "productId", "customerId");
-- CreateIndex
CREATE INDEX "OrderLine_workspaceId_variantId_idx" ON "OrderLine"("workspaceId", "variantId") WHERE "variantId" IS NOT NULL;
-- CreateIndex
CREATE INDEX "ReturnLine_workspaceId_replacementVariantId_idx" ON "ReturnLine"("workspaceId", "replacementVariantId") WHERE "replacementVariantId" IS NOT NULL;
-- CreateIndex
CREATE INDEX "SurveyResponse_workspaceId_caseId_idx" ON "SurveyResponse"("workspaceId", "caseId") WHERE "caseId" IS NOT NULL;
-- CreateIndex
CREATE INDEX "SurveyResponse_workspaceId_interactionId_idx" ON "SurveyResponse"("workspaceId", "interactionId") WHERE "interactionId" IS NOT NULL;
-- CreateIndex
CREATE INDEX "SurveyResponse_workspaceId_orderId_idx" ON "SurveyResponse"("workspaceId", "orderId") WHERE "orderId" IS NOT NULL;

-- Primary keys are made last, as in 20261124000000_primary_keys_last, now of the tables that got a new index.
DO $$
DECLARE
  referenced constant regclass[] := ARRAY['"Customer"', '"Order"', '"OrderLine"', '"Interaction"', '"Case"']::regclass[];
  key record;
  reference record;
BEGIN
  CREATE TEMP TABLE constraints ON COMMIT DROP AS
    SELECT contype AS kind, conrelid::regclass::text AS "table", quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint
    WHERE contype = 'f' AND confrelid = ANY (referenced)
      OR contype = 'p' AND conrelid = ANY (referenced);
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
