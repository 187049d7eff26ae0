-- CreateTable
CREATE TABLE "RfmBounds" (
    "workspaceId" UUID NOT NULL,
    "currencyCode" TEXT NOT NULL,
    "computedAt" TIMESTAMPTZ(3) NOT NULL,
    "customers" INTEGER NOT NULL,
    "recencyDays" INTEGER[],
    "frequency" INTEGER[],
    "monetary" DECIMAL(19,4)[],

    CONSTRAINT "RfmBounds_pkey" PRIMARY KEY ("workspaceId","currencyCode")
);

ALTER TABLE "RfmBounds" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "RfmBounds" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "RfmBounds" USING ("workspaceId" = (SELECT nullif(current_setting('app.workspace_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON "RfmBounds" TO rapport_app;

-- Asked for with the key of a request, before a workspace is known.
CREATE FUNCTION rapport_default_country(workspace uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT "defaultCountry" FROM public."Workspace" WHERE "id" = workspace
$$;
GRANT CREATE ON SCHEMA public TO rapport_definer;
ALTER FUNCTION rapport_default_country(uuid) OWNER TO rapport_definer;
REVOKE CREATE ON SCHEMA public FROM rapport_definer;
REVOKE ALL ON FUNCTION rapport_default_country(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rapport_default_country(uuid) TO rapport_app, rapport_customer;
