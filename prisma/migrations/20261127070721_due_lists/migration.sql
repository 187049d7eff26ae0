-- CreateIndex
CREATE INDEX "Customer_workspaceId_birthMonth_birthDay_id_idx" ON "Customer"("workspaceId", "birthMonth", "birthDay", "id") WHERE "birthMonth" IS NOT NULL;

-- DropIndex
DROP INDEX "CustomerStatistics_workspaceId_currencyCode_lastOrderAt_idx";

-- CreateIndex
CREATE INDEX "CustomerStatistics_workspaceId_currencyCode_lastOrderAt_cus_idx" ON "CustomerStatistics"("workspaceId", "currencyCode", "lastOrderAt", "customerId");

-- The primary key of a table with a new index is made again: of two that cost the same, the planner takes the one made last.
ALTER TABLE "CustomerStatistics" DROP CONSTRAINT "CustomerStatistics_pkey", ADD CONSTRAINT "CustomerStatistics_pkey" PRIMARY KEY ("workspaceId","customerId","currencyCode");
