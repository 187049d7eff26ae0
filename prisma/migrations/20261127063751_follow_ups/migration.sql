-- CreateEnum
CREATE TYPE "FollowUpKind" AS ENUM ('FOLLOW_UP', 'PROMISE');

-- CreateEnum
CREATE TYPE "FollowUpStatus" AS ENUM ('OPEN', 'KEPT', 'BROKEN', 'CANCELED');

-- CreateTable
CREATE TABLE "FollowUp" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "source" TEXT,
    "externalId" TEXT,
    "customerId" UUID NOT NULL,
    "kind" "FollowUpKind" NOT NULL,
    "text" TEXT NOT NULL,
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "channel" "InteractionChannel",
    "purpose" "Purpose" NOT NULL,
    "caseId" UUID,
    "orderId" UUID,
    "interactionId" UUID,
    "madeAt" TIMESTAMPTZ(3) NOT NULL,
    "madeByKind" "ActorKind" NOT NULL,
    "madeByName" TEXT,
    "completedAt" TIMESTAMPTZ(3),
    "canceledAt" TIMESTAMPTZ(3),
    "status" "FollowUpStatus" NOT NULL,
    "changedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateIndex
CREATE INDEX "FollowUp_workspaceId_dueAt_id_idx" ON "FollowUp"("workspaceId", "dueAt", "id");

-- CreateIndex
CREATE INDEX "FollowUp_workspaceId_status_dueAt_id_idx" ON "FollowUp"("workspaceId", "status", "dueAt", "id");

-- CreateIndex
CREATE INDEX "FollowUp_workspaceId_customerId_madeAt_id_idx" ON "FollowUp"("workspaceId", "customerId", "madeAt", "id");

-- CreateIndex
CREATE INDEX "FollowUp_workspaceId_caseId_idx" ON "FollowUp"("workspaceId", "caseId") WHERE "caseId" IS NOT NULL;

-- CreateIndex
CREATE INDEX "FollowUp_workspaceId_interactionId_idx" ON "FollowUp"("workspaceId", "interactionId") WHERE "interactionId" IS NOT NULL;

-- CreateIndex
CREATE INDEX "FollowUp_workspaceId_orderId_idx" ON "FollowUp"("workspaceId", "orderId") WHERE "orderId" IS NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "FollowUp_workspaceId_source_externalId_key" ON "FollowUp"("workspaceId", "source", "externalId");

-- After the other indexes: of two that cost the same, the planner takes the one made last.
ALTER TABLE "FollowUp" ADD CONSTRAINT "FollowUp_pkey" PRIMARY KEY ("workspaceId","id");

-- AddForeignKey
ALTER TABLE "FollowUp" ADD CONSTRAINT "FollowUp_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "FollowUp" ADD CONSTRAINT "FollowUp_workspaceId_caseId_fkey" FOREIGN KEY ("workspaceId", "caseId") REFERENCES "Case"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "FollowUp" ADD CONSTRAINT "FollowUp_workspaceId_orderId_fkey" FOREIGN KEY ("workspaceId", "orderId") REFERENCES "Order"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "FollowUp" ADD CONSTRAINT "FollowUp_workspaceId_interactionId_fkey" FOREIGN KEY ("workspaceId", "interactionId") REFERENCES "Interaction"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- Row-level security, privileges and triggers of FollowUp
ALTER TABLE "FollowUp" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "FollowUp" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "FollowUp" TO rapport_app;
CREATE POLICY app ON "FollowUp" TO rapport_app USING ("workspaceId" = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT ON "FollowUp" TO rapport_customer;
CREATE POLICY customer ON "FollowUp" FOR SELECT TO rapport_customer USING ("workspaceId" = nullif(current_setting('app.workspace_id', true), '')::uuid AND "customerId" = nullif(current_setting('app.customer_id', true), '')::uuid AND "kind" = 'PROMISE');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "FollowUp" FOR EACH ROW
  WHEN (current_setting('app.audit', true) <> '') EXECUTE FUNCTION rapport_audit();
CREATE TRIGGER next_version BEFORE UPDATE OF "updatedAt" ON "FollowUp" FOR EACH ROW
  EXECUTE FUNCTION rapport_next_version();
CREATE TRIGGER refuse_erased AFTER INSERT ON "FollowUp" REFERENCING NEW TABLE AS added FOR EACH STATEMENT
  EXECUTE FUNCTION rapport_refuse_erased();
CREATE TRIGGER refuse_erased_moved AFTER UPDATE OF "customerId" ON "FollowUp" FOR EACH ROW
  WHEN (NEW."customerId" IS DISTINCT FROM OLD."customerId") EXECUTE FUNCTION rapport_refuse_erased();

-- Keeps the states before a change, for contexts of the past.
CREATE TRIGGER keep_past AFTER UPDATE OF "changedAt" ON "FollowUp" FOR EACH ROW
  WHEN (OLD."customerId" IS NOT NULL AND NEW."changedAt" > coalesce(OLD."changedAt", '-infinity')) EXECUTE FUNCTION rapport_keep_past();
