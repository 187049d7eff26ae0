-- AlterTable
ALTER TABLE "CaseHandoff" ADD COLUMN     "acknowledgedAt" TIMESTAMPTZ(3),
ADD COLUMN     "acknowledgedByKind" "ActorKind",
ADD COLUMN     "acknowledgedByName" TEXT;

-- CreateIndex
CREATE INDEX "CaseHandoff_workspaceId_occurredAt_id_idx" ON "CaseHandoff"("workspaceId", "occurredAt", "id") WHERE "acknowledgedAt" IS NULL;
