-- Cuts long values once the transaction has noted as many bytes of them as it may. What was before comes first: what a
-- value is now, the row itself says. The changes are noted so many times.
CREATE FUNCTION rapport_changes_within(changes jsonb, most bigint, times integer) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  noted bigint := coalesce(nullif(current_setting('app.audit_noted', true), ''), '0')::bigint;
  place record;
  bytes bigint;
  beginning text;
BEGIN
  FOR place IN
    SELECT ARRAY[key, side::text] AS path, changes -> key -> side AS value, changes -> key ->> side AS content
    FROM jsonb_object_keys(changes) key CROSS JOIN generate_series(0, 1) side ORDER BY side, key
  LOOP
    bytes := octet_length(place.value::text) * times;
    IF octet_length(place.content) <= 200 OR place.content IS NULL THEN
      CONTINUE;
    ELSIF noted + bytes <= most THEN
      noted := noted + bytes;
    ELSE
      beginning := left(place.content, 100);
      changes := jsonb_set(changes, place.path, to_jsonb(format('%s… [%s bytes left out]', beginning,
        octet_length(place.content) - octet_length(beginning))));
    END IF;
  END LOOP;
  PERFORM set_config('app.audit_noted', noted::text, true);
  RETURN changes;
END $$;

-- As before, within what the request may note.
CREATE OR REPLACE FUNCTION rapport_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  author jsonb := current_setting('app.audit')::jsonb;
  silent text[] := ARRAY['workspaceId', 'createdAt', 'updatedAt', 'version', 'searchText', 'sortName', 'labelKey', 'secretHash', 'lastCaseNumber'];
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
  whose := CASE
    WHEN TG_TABLE_NAME = 'Customer' THEN ARRAY[touched ->> 'id']
    WHEN TG_TABLE_NAME IN ('Payment', 'Fulfillment') THEN
      ARRAY(SELECT "customerId"::text FROM "Order" WHERE "workspaceId" = (touched ->> 'workspaceId')::uuid AND "id" = (touched ->> 'orderId')::uuid)
    WHEN TG_TABLE_NAME = 'ReturnLine' THEN
      ARRAY(SELECT "customerId"::text FROM "Return" WHERE "workspaceId" = (touched ->> 'workspaceId')::uuid AND "id" = (touched ->> 'returnId')::uuid)
    WHEN TG_TABLE_NAME = 'CaseHandoff' THEN
      ARRAY(SELECT "customerId"::text FROM "Case" WHERE "workspaceId" = (touched ->> 'workspaceId')::uuid AND "id" = (touched ->> 'caseId')::uuid)
    ELSE ARRAY(SELECT DISTINCT id FROM unnest(ARRAY[before ->> 'customerId', after ->> 'customerId']) AS id WHERE id IS NOT NULL)
  END;
  IF cardinality(whose) = 0 THEN whose := ARRAY[NULL::text]; END IF;
  IF pg_column_size(changes) > 200 AND author ? 'valueBytes' THEN
    changes := rapport_changes_within(changes, (author ->> 'valueBytes')::bigint, cardinality(whose));
  END IF;
  INSERT INTO "AuditEvent" ("workspaceId", "id", "occurredAt", "keyId", "keyName", "operation", "purpose", "requestId",
    "action", "entity", "entityId", "customerId", "changes", "piiClasses")
  SELECT coalesce(touched ->> 'workspaceId', touched ->> 'id')::uuid, gen_random_uuid(), clock_timestamp(), (author ->> 'keyId')::uuid,
    author ->> 'keyName', author ->> 'operation', (author ->> 'purpose')::"Purpose", author ->> 'requestId',
    CASE TG_OP WHEN 'INSERT' THEN 'CREATED' WHEN 'UPDATE' THEN 'UPDATED' ELSE 'DELETED' END::"AuditAction",
    TG_TABLE_NAME, (touched ->> 'id')::uuid, customer::uuid, changes, '{}'
  FROM unnest(whose) AS customer;
  RETURN NULL;
END $$;
