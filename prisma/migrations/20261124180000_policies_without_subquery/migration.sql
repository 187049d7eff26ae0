-- The setting is asked for as it stands. In a subquery it became a plan of its own for every table of a statement, which
-- costs more than the call; a statement that names its workspace, as all do, checks it once for a table either way.
DO $$
DECLARE
  named record;
BEGIN
  FOR named IN SELECT tablename, CASE tablename WHEN 'Workspace' THEN 'id' ELSE 'workspaceId' END AS workspace
    FROM pg_policies WHERE schemaname = 'public' AND policyname = 'tenant'
  LOOP
    EXECUTE format('ALTER POLICY tenant ON %I USING (%I = nullif(current_setting(''app.workspace_id'', true), '''')::uuid)',
      named.tablename, named.workspace);
  END LOOP;
END $$;
