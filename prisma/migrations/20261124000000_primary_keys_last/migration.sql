-- Of two indexes that cost the same the planner takes the one made last, and on a table of a few hundred rows without
-- statistics any index that begins with "workspaceId" costs the same as the primary key. Foreign-key checks, planned
-- once a session, then read the whole workspace for every row of a first import. So primary keys are made last.
DO $$
DECLARE
  key record;
  reference record;
BEGIN
  CREATE TEMP TABLE constraints ON COMMIT DROP AS
    SELECT contype AS kind, conrelid::regclass::text AS "table", quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype IN ('f', 'p') AND connamespace = 'public'::regnamespace AND conrelid IS DISTINCT FROM to_regclass('_prisma_migrations');
  FOR reference IN SELECT * FROM constraints WHERE kind = 'f' LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %s', reference."table", reference.name);
  END LOOP;
  FOR key IN SELECT * FROM constraints WHERE kind = 'p' LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %s, ADD CONSTRAINT %s %s', key."table", key.name, key.name, key.definition);
  END LOOP;
  FOR reference IN SELECT * FROM constraints WHERE kind = 'f' LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %s %s', reference."table", reference.name, reference.definition);
  END LOOP;
  DROP TABLE constraints;
END $$;
