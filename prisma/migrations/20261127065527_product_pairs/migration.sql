-- CreateEnum
CREATE TYPE "CoPurchaseRunStatus" AS ENUM ('RUNNING', 'COUNTED', 'FAILED');

-- CreateTable
CREATE TABLE "CoPurchaseRun" (
    "workspaceId" UUID NOT NULL,
    "status" "CoPurchaseRunStatus" NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "windowDays" INTEGER NOT NULL DEFAULT 365,
    "countedUntil" TIMESTAMPTZ(3),
    "orders" INTEGER,

    CONSTRAINT "CoPurchaseRun_pkey" PRIMARY KEY ("workspaceId")
);

-- CreateTable
CREATE TABLE "ProductPair" (
    "workspaceId" UUID NOT NULL,
    "productId" UUID NOT NULL,
    "otherProductId" UUID NOT NULL,
    "orders" INTEGER NOT NULL,
    "support" DOUBLE PRECISION NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "lift" DOUBLE PRECISION NOT NULL,
    "cosine" DOUBLE PRECISION NOT NULL,
    "latestOrderIds" UUID[],

    CONSTRAINT "ProductPair_pkey" PRIMARY KEY ("workspaceId","productId","otherProductId")
);

-- Row-level security, privileges and triggers of CoPurchaseRun
ALTER TABLE "CoPurchaseRun" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "CoPurchaseRun" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "CoPurchaseRun" TO rapport_app;
CREATE POLICY app ON "CoPurchaseRun" TO rapport_app USING ("workspaceId" = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT ON "CoPurchaseRun" TO rapport_customer;
CREATE POLICY customer ON "CoPurchaseRun" FOR SELECT TO rapport_customer USING (false);

-- Row-level security, privileges and triggers of ProductPair
ALTER TABLE "ProductPair" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "ProductPair" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "ProductPair" TO rapport_app;
CREATE POLICY app ON "ProductPair" TO rapport_app USING ("workspaceId" = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT ON "ProductPair" TO rapport_customer;
CREATE POLICY customer ON "ProductPair" FOR SELECT TO rapport_customer USING (false);

-- Products that are bought together are counted every day, and an hour after a count that failed or was interrupted.
GRANT SELECT ("workspaceId") ON "Order" TO rapport_definer;
GRANT SELECT ("workspaceId", "status", "startedAt") ON "CoPurchaseRun" TO rapport_definer;
CREATE POLICY definer ON "Order" FOR SELECT TO rapport_definer USING (rapport_is_definer());
CREATE POLICY definer ON "CoPurchaseRun" FOR SELECT TO rapport_definer USING (rapport_is_definer());
-- Whether a run that is recorded with its status is due again: every day, and an hour after one that failed or was
-- interrupted. A run in the middle of a first import sees few orders, so its outcome must not stand for long.
CREATE FUNCTION rapport_run_is_due(status text, started timestamptz, at timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT started <= at - CASE WHEN status IN ('RUNNING', 'FAILED') THEN interval '1 hour' ELSE interval '24 hours' END
$$;
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
        OR EXISTS (SELECT 1 FROM public."CustomerValueFit" f WHERE f."workspaceId" = w."id"
          AND public.rapport_run_is_due(f."status"::text, f."startedAt", at)))
      THEN 'customerValue' END,
    CASE WHEN EXISTS (SELECT 1 FROM public."Order" o WHERE o."workspaceId" = w."id")
      AND NOT EXISTS (SELECT 1 FROM public."CoPurchaseRun" r WHERE r."workspaceId" = w."id"
        AND NOT public.rapport_run_is_due(r."status"::text, r."startedAt", at))
      THEN 'productPairs' END
  ], NULL)) due (jobs) WHERE cardinality(due.jobs) > 0
$$;
GRANT CREATE ON SCHEMA public TO rapport_definer;
ALTER FUNCTION rapport_due_jobs(timestamptz) OWNER TO rapport_definer;
REVOKE CREATE ON SCHEMA public FROM rapport_definer;
REVOKE ALL ON FUNCTION rapport_due_jobs(timestamptz) FROM PUBLIC;
-- A connection of the pool may have served a customer last.
GRANT EXECUTE ON FUNCTION rapport_due_jobs(timestamptz) TO rapport_app, rapport_customer;
