-- CreateEnum
CREATE TYPE "IdentityProof" AS ENUM ('EMAIL_CODE', 'PHONE_CODE', 'LOGIN', 'KNOWLEDGE', 'STAFF');

-- AlterTable
ALTER TABLE "AuditEvent" ADD COLUMN     "identityProof" "IdentityProof";

-- Audit events keep the proof that the caller states.
CREATE OR REPLACE FUNCTION rapport_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  author jsonb := current_setting('app.audit')::jsonb;
  silent text[] := ARRAY['workspaceId', 'createdAt', 'updatedAt', 'version', 'searchText', 'sortName', 'labelKey', 'secretHash', 'lastCaseNumber'] || TG_ARGV;
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
  whose := CASE WHEN TG_TABLE_NAME = 'Customer' THEN ARRAY[touched ->> 'id']
    ELSE ARRAY(SELECT DISTINCT id FROM unnest(ARRAY[before ->> 'customerId', after ->> 'customerId']) AS id WHERE id IS NOT NULL) END;
  IF cardinality(whose) = 0 THEN whose := ARRAY[NULL::text]; END IF;
  IF pg_column_size(changes) > 200 AND author ? 'valueBytes' THEN
    changes := rapport_changes_within(changes, (author ->> 'valueBytes')::bigint, cardinality(whose));
  END IF;
  INSERT INTO "AuditEvent" ("workspaceId", "id", "occurredAt", "keyId", "keyName", "operation", "purpose", "requestId",
    "identityProof", "action", "entity", "entityId", "customerId", "changes", "piiClasses")
  SELECT coalesce(touched ->> 'workspaceId', touched ->> 'id')::uuid, gen_random_uuid(), clock_timestamp(), (author ->> 'keyId')::uuid,
    author ->> 'keyName', author ->> 'operation', (author ->> 'purpose')::"Purpose", author ->> 'requestId',
    (author ->> 'identityProof')::"IdentityProof",
    CASE TG_OP WHEN 'INSERT' THEN 'CREATED' WHEN 'UPDATE' THEN 'UPDATED' ELSE 'DELETED' END::"AuditAction",
    TG_TABLE_NAME, (touched ->> 'id')::uuid, customer::uuid, changes, '{}'
  FROM unnest(whose) AS customer;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION rapport_record_reads(reads jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  INSERT INTO public."AuditEvent" ("workspaceId", "id", "occurredAt", "keyId", "keyName", "operation", "purpose", "requestId",
    "identityProof", "action", "entity", "entityId", "customerId", "piiClasses")
  SELECT r."workspaceId", r."id", r."occurredAt", r."keyId", r."keyName", r."operation", r."purpose", r."requestId", r."identityProof", 'READ',
    'Customer', r."customerId", r."customerId", r."piiClasses"
  FROM jsonb_populate_recordset(NULL::public."AuditEvent", reads) r JOIN public."Workspace" w ON w."id" = r."workspaceId"
  ON CONFLICT DO NOTHING
$$;
