-- CreateEnum
CREATE TYPE "CustomerValueFitStatus" AS ENUM ('RUNNING', 'FITTED', 'TOO_FEW_CUSTOMERS', 'NO_MAXIMUM', 'FAILED');

-- CreateTable
CREATE TABLE "CustomerValueFit" (
    "workspaceId" UUID NOT NULL,
    "currencyCode" TEXT NOT NULL,
    "status" "CustomerValueFitStatus" NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CustomerValueFit_pkey" PRIMARY KEY ("workspaceId","currencyCode")
);

-- Row-level security, privileges and triggers of CustomerValueFit
ALTER TABLE "CustomerValueFit" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "CustomerValueFit" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "CustomerValueFit" TO rapport_app;
CREATE POLICY app ON "CustomerValueFit" TO rapport_app USING ("workspaceId" = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT ON "CustomerValueFit" TO rapport_customer;
CREATE POLICY customer ON "CustomerValueFit" FOR SELECT TO rapport_customer USING (false);

-- The models of customer value are due every week, and an hour after a fit that failed or was interrupted.
GRANT SELECT ("workspaceId", "status", "startedAt") ON "CustomerValueFit" TO rapport_definer;
CREATE POLICY definer ON "CustomerValueFit" FOR SELECT TO rapport_definer USING (rapport_is_definer());
DROP FUNCTION rapport_due_jobs(timestamptz);
CREATE FUNCTION rapport_due_jobs(at timestamptz) RETURNS TABLE ("workspaceId" uuid, "jobs" text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT w."id", due.jobs FROM public."Workspace" w, LATERAL (SELECT array_remove(ARRAY[
    CASE WHEN EXISTS (SELECT 1 FROM public."ErasureRequest" e
      WHERE e."workspaceId" = w."id" AND e."status" IN ('PENDING', 'EXECUTING') AND e."dueAt" <= at) THEN 'erasures' END,
    CASE WHEN EXISTS (SELECT 1 FROM public."Interaction" i
      WHERE i."workspaceId" = w."id" AND i."occurredAt" < at - w."interactionRetentionDays" * interval '24 hours') THEN 'retention' END,
    CASE WHEN EXISTS (SELECT 1 FROM public."CustomerStatistics" s WHERE s."workspaceId" = w."id" AND s."numberOfOrders" > 0)
      AND NOT EXISTS (SELECT 1 FROM public."RfmBounds" b WHERE b."workspaceId" = w."id" AND b."computedAt" > at - interval '1 hour')
      THEN 'rfmBounds' END,
    CASE WHEN EXISTS (SELECT 1 FROM public."IdempotencyRecord" r
      WHERE r."workspaceId" = w."id" AND r."createdAt" < at - interval '1 day') THEN 'idempotencyRecords' END,
    CASE WHEN EXISTS (SELECT 1 FROM public."RateLimit" r
      WHERE r."workspaceId" = w."id" AND r."startedAt" < at - interval '1 day') THEN 'rateLimits' END,
    CASE WHEN EXISTS (SELECT 1 FROM public."CustomerStatistics" s WHERE s."workspaceId" = w."id" AND s."numberOfOrders" > 0)
      AND (NOT EXISTS (SELECT 1 FROM public."CustomerValueFit" f WHERE f."workspaceId" = w."id")
        OR EXISTS (SELECT 1 FROM public."CustomerValueFit" f WHERE f."workspaceId" = w."id" AND f."startedAt" <= at -
          CASE WHEN f."status" IN ('RUNNING', 'FAILED') THEN interval '1 hour' ELSE interval '7 days' END))
      THEN 'customerValue' END
  ], NULL)) due (jobs) WHERE cardinality(due.jobs) > 0
$$;
GRANT CREATE ON SCHEMA public TO rapport_definer;
ALTER FUNCTION rapport_due_jobs(timestamptz) OWNER TO rapport_definer;
REVOKE CREATE ON SCHEMA public FROM rapport_definer;
REVOKE ALL ON FUNCTION rapport_due_jobs(timestamptz) FROM PUBLIC;
-- A connection of the pool may have served a customer last.
GRANT EXECUTE ON FUNCTION rapport_due_jobs(timestamptz) TO rapport_app, rapport_customer;
