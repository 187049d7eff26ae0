-- AlterEnum
ALTER TYPE "ErasureStatus" ADD VALUE 'EXECUTING' BEFORE 'EXECUTED';

-- CreateIndex
CREATE INDEX "AuditEvent_workspaceId_entityId_idx" ON "AuditEvent"("workspaceId", "entityId");

-- Removes the values from some events at a time; who did what and when stays.
DROP FUNCTION rapport_erase_audit(uuid, uuid[]);
CREATE FUNCTION rapport_erase_changes(events uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public."AuditEvent" SET "changes" = NULL
  WHERE "workspaceId" = nullif(current_setting('app.workspace_id', true), '')::uuid AND "id" = ANY (events) AND "changes" IS NOT NULL
$$;
GRANT CREATE ON SCHEMA public TO rapport_definer;
ALTER FUNCTION rapport_erase_changes(uuid[]) OWNER TO rapport_definer;
REVOKE CREATE ON SCHEMA public FROM rapport_definer;
REVOKE ALL ON FUNCTION rapport_erase_changes(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rapport_erase_changes(uuid[]) TO rapport_app;

-- An erasure runs in many transactions, and a writer may have found its customer before the first of them. Both happen
-- in one order: the foreign key makes a new row wait for the erasure to begin, or the erasure for the row to be written.
-- So this looks after the foreign key did: triggers of rows run in the order of their names, those of statements last. The
-- writer tries again, as after any write that came in between, and is refused with a reason.
CREATE FUNCTION rapport_refuse_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_erased boolean;
BEGIN
  IF TG_LEVEL = 'ROW' THEN
    is_erased := EXISTS (SELECT 1 FROM "Customer"
      WHERE "workspaceId" = NEW."workspaceId" AND "id" = NEW."customerId" AND "status" = 'ERASED');
  ELSE
    is_erased := EXISTS (SELECT 1 FROM (SELECT DISTINCT "workspaceId", "customerId" FROM added WHERE "customerId" IS NOT NULL) a
      CROSS JOIN LATERAL (SELECT "status" FROM "Customer" WHERE "workspaceId" = a."workspaceId" AND "id" = a."customerId" LIMIT 1) c
      WHERE c."status" = 'ERASED');
  END IF;
  IF is_erased THEN
    RAISE EXCEPTION 'The customer was erased.' USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NULL;
END $$;

DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY ARRAY['ContactPoint', 'CustomerExternalId', 'Address', 'CustomerTag', 'Preference', 'Consent',
    'ConsentEvent', 'Interaction', 'Case', 'SurveyResponse'] LOOP
    EXECUTE format(
      'CREATE TRIGGER refuse_erased AFTER INSERT ON %I REFERENCING NEW TABLE AS added FOR EACH STATEMENT
       EXECUTE FUNCTION rapport_refuse_erased()', table_name);
    EXECUTE format(
      'CREATE TRIGGER refuse_erased_moved AFTER UPDATE OF "customerId" ON %I FOR EACH ROW
       WHEN (NEW."customerId" IS DISTINCT FROM OLD."customerId") EXECUTE FUNCTION rapport_refuse_erased()', table_name);
  END LOOP;
END $$;
