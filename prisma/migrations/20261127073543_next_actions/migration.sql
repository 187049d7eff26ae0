-- CreateEnum
CREATE TYPE "GestureKind" AS ENUM ('THANK_YOU', 'BIRTHDAY', 'FOLLOW_UP', 'WIN_BACK', 'APOLOGY');

-- CreateEnum
CREATE TYPE "NextActionStatus" AS ENUM ('SUGGESTED', 'APPROVED', 'OFFERED', 'REDEEMED', 'DISMISSED');

-- CreateTable
CREATE TABLE "NextAction" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "source" TEXT,
    "externalId" TEXT,
    "customerId" UUID NOT NULL,
    "kind" "GestureKind" NOT NULL,
    "text" TEXT NOT NULL,
    "status" "NextActionStatus" NOT NULL,
    "cost" DECIMAL(19,4),
    "currencyCode" TEXT,
    "channel" "InteractionChannel",
    "suggestedAt" TIMESTAMPTZ(3) NOT NULL,
    "suggestedByKind" "ActorKind" NOT NULL,
    "suggestedByName" TEXT,
    "approvedAt" TIMESTAMPTZ(3),
    "offeredAt" TIMESTAMPTZ(3),
    "redeemedAt" TIMESTAMPTZ(3),
    "dismissedAt" TIMESTAMPTZ(3),
    "dismissReason" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateTable
CREATE TABLE "NextActionCap" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "currencyCode" TEXT NOT NULL,
    "amount" DECIMAL(19,4) NOT NULL,
    "periodDays" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL
);

-- CreateIndex
CREATE INDEX "NextAction_workspaceId_suggestedAt_id_idx" ON "NextAction"("workspaceId", "suggestedAt", "id");

-- CreateIndex
CREATE INDEX "NextAction_workspaceId_status_suggestedAt_id_idx" ON "NextAction"("workspaceId", "status", "suggestedAt", "id");

-- CreateIndex
CREATE INDEX "NextAction_workspaceId_customerId_suggestedAt_id_idx" ON "NextAction"("workspaceId", "customerId", "suggestedAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "NextAction_workspaceId_source_externalId_key" ON "NextAction"("workspaceId", "source", "externalId");

-- CreateIndex
CREATE UNIQUE INDEX "NextActionCap_workspaceId_currencyCode_key" ON "NextActionCap"("workspaceId", "currencyCode");

-- After the other indexes: of two that cost the same, the planner takes the one made last.
ALTER TABLE "NextAction" ADD CONSTRAINT "NextAction_pkey" PRIMARY KEY ("workspaceId","id");
ALTER TABLE "NextActionCap" ADD CONSTRAINT "NextActionCap_pkey" PRIMARY KEY ("workspaceId","id");

-- AddForeignKey
ALTER TABLE "NextAction" ADD CONSTRAINT "NextAction_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- Row-level security, privileges and triggers of NextAction
ALTER TABLE "NextAction" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "NextAction" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "NextAction" TO rapport_app;
CREATE POLICY app ON "NextAction" TO rapport_app USING ("workspaceId" = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT ON "NextAction" TO rapport_customer;
CREATE POLICY customer ON "NextAction" FOR SELECT TO rapport_customer USING (false);
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "NextAction" FOR EACH ROW
  WHEN (current_setting('app.audit', true) <> '') EXECUTE FUNCTION rapport_audit();
CREATE TRIGGER next_version BEFORE UPDATE OF "updatedAt" ON "NextAction" FOR EACH ROW
  EXECUTE FUNCTION rapport_next_version();
CREATE TRIGGER refuse_erased AFTER INSERT ON "NextAction" REFERENCING NEW TABLE AS added FOR EACH STATEMENT
  EXECUTE FUNCTION rapport_refuse_erased();
CREATE TRIGGER refuse_erased_moved AFTER UPDATE OF "customerId" ON "NextAction" FOR EACH ROW
  WHEN (NEW."customerId" IS DISTINCT FROM OLD."customerId") EXECUTE FUNCTION rapport_refuse_erased();

-- Row-level security, privileges and triggers of NextActionCap
ALTER TABLE "NextActionCap" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "NextActionCap" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "NextActionCap" TO rapport_app;
CREATE POLICY app ON "NextActionCap" TO rapport_app USING ("workspaceId" = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT ON "NextActionCap" TO rapport_customer;
CREATE POLICY customer ON "NextActionCap" FOR SELECT TO rapport_customer USING (false);
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "NextActionCap" FOR EACH ROW
  WHEN (current_setting('app.audit', true) <> '') EXECUTE FUNCTION rapport_audit();
