-- Validates the foreign keys of the previous migration. Reads and writes go on meanwhile.
DO $$
DECLARE
  key record;
BEGIN
  FOR key IN
    SELECT conrelid::regclass::text AS "table", quote_ident(conname) AS name FROM pg_constraint
    WHERE contype = 'f' AND NOT convalidated AND conrelid IN (SELECT polrelid FROM pg_policy WHERE polname = 'app')
    ORDER BY oid
  LOOP
    EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %s', key."table", key.name);
  END LOOP;
END $$;
