-- Whether a hand-off is open follows from its case, too. A column keeps it, so that a list of open hand-offs reads neither
-- the cases nor the hand-offs of resolved cases that nobody ever acknowledged.
-- AlterTable
ALTER TABLE "CaseHandoff" ADD COLUMN     "isOpen" BOOLEAN NOT NULL DEFAULT true;

-- Whoever owns the tables may not be a superuser, and would see no rows while row-level security is forced.
ALTER TABLE "Case" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "CaseHandoff" NO FORCE ROW LEVEL SECURITY;
UPDATE "CaseHandoff" h SET "isOpen" = false FROM "Case" k
WHERE k."workspaceId" = h."workspaceId" AND k."id" = h."caseId" AND (h."acknowledgedAt" IS NOT NULL OR k."status" = 'RESOLVED');
ALTER TABLE "Case" FORCE ROW LEVEL SECURITY;
ALTER TABLE "CaseHandoff" FORCE ROW LEVEL SECURITY;

-- DropIndex
DROP INDEX "CaseHandoff_workspaceId_occurredAt_id_idx";
-- CreateIndex
CREATE INDEX "CaseHandoff_workspaceId_occurredAt_id_idx" ON "CaseHandoff"("workspaceId", "occurredAt", "id") WHERE "isOpen";

-- Whoever records a hand-off or changes the status of a case has locked the case. An acknowledgement closes a hand-off,
-- no matter what its case is.
CREATE FUNCTION rapport_open_hand_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."isOpen" := NEW."acknowledgedAt" IS NULL AND EXISTS (SELECT 1 FROM "Case" k
    WHERE k."workspaceId" = NEW."workspaceId" AND k."id" = NEW."caseId" AND k."status" <> 'RESOLVED');
  RETURN NEW;
END $$;
CREATE TRIGGER open_hand_off BEFORE INSERT OR UPDATE OF "acknowledgedAt" ON "CaseHandoff" FOR EACH ROW
  EXECUTE FUNCTION rapport_open_hand_off();

CREATE FUNCTION rapport_open_hand_offs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "CaseHandoff" SET "isOpen" = (NEW."status" <> 'RESOLVED')
  WHERE "workspaceId" = NEW."workspaceId" AND "caseId" = NEW."id" AND "acknowledgedAt" IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER open_hand_offs AFTER UPDATE OF "status" ON "Case" FOR EACH ROW
  WHEN ((NEW."status" = 'RESOLVED') <> (OLD."status" = 'RESOLVED')) EXECUTE FUNCTION rapport_open_hand_offs();

-- The audit log has the change of the case, or the acknowledgement.
CREATE OR REPLACE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "CaseHandoff" FOR EACH ROW
  WHEN (current_setting('app.audit', true) <> '') EXECUTE FUNCTION rapport_audit('customerId', 'isOpen');
