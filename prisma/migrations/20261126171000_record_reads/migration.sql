-- Reads of personal data by many workspaces in one statement. Those of a workspace that is gone are left out.
CREATE FUNCTION rapport_record_reads(reads jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  INSERT INTO public."AuditEvent" ("workspaceId", "id", "occurredAt", "keyId", "keyName", "operation", "purpose", "requestId", "action",
    "entity", "entityId", "customerId", "piiClasses")
  SELECT r."workspaceId", r."id", r."occurredAt", r."keyId", r."keyName", r."operation", r."purpose", r."requestId", 'READ',
    'Customer', r."customerId", r."customerId", r."piiClasses"
  FROM jsonb_populate_recordset(NULL::public."AuditEvent", reads) r JOIN public."Workspace" w ON w."id" = r."workspaceId"
  ON CONFLICT DO NOTHING
$$;
GRANT INSERT ON "AuditEvent" TO rapport_definer;
GRANT CREATE ON SCHEMA public TO rapport_definer;
ALTER FUNCTION rapport_record_reads(jsonb) OWNER TO rapport_definer;
REVOKE CREATE ON SCHEMA public FROM rapport_definer;
REVOKE ALL ON FUNCTION rapport_record_reads(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rapport_record_reads(jsonb) TO rapport_app;
