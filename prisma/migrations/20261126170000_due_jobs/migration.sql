-- DropIndex
DROP INDEX "ErasureRequest_workspaceId_dueAt_idx";

-- CreateIndex
CREATE INDEX "ErasureRequest_workspaceId_status_dueAt_idx" ON "ErasureRequest"("workspaceId", "status", "dueAt");

-- CreateIndex
CREATE INDEX "RateLimit_workspaceId_startedAt_idx" ON "RateLimit"("workspaceId", "startedAt");

-- What is due in which workspace: one statement for all of them, so that a thousand idle ones cost next to nothing. It
-- looks at no more than one index entry of each.
GRANT SELECT ("workspaceId", "status", "dueAt") ON "ErasureRequest" TO rapport_definer;
GRANT SELECT ("workspaceId", "occurredAt") ON "Interaction" TO rapport_definer;
GRANT SELECT ("workspaceId", "numberOfOrders") ON "CustomerStatistics" TO rapport_definer;
GRANT SELECT ("workspaceId", "computedAt") ON "RfmBounds" TO rapport_definer;
GRANT SELECT ("workspaceId", "createdAt") ON "IdempotencyRecord" TO rapport_definer;
GRANT SELECT ("workspaceId", "startedAt") ON "RateLimit" TO rapport_definer;
CREATE POLICY definer ON "ErasureRequest" FOR SELECT TO rapport_definer USING (true);
CREATE POLICY definer ON "Interaction" FOR SELECT TO rapport_definer USING (true);
CREATE POLICY definer ON "CustomerStatistics" FOR SELECT TO rapport_definer USING (true);
CREATE POLICY definer ON "RfmBounds" FOR SELECT TO rapport_definer USING (true);
CREATE POLICY definer ON "IdempotencyRecord" FOR SELECT TO rapport_definer USING (true);
CREATE POLICY definer ON "RateLimit" FOR SELECT TO rapport_definer USING (true);

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
      WHERE r."workspaceId" = w."id" AND r."startedAt" < at - interval '1 day') THEN 'rateLimits' END
  ], NULL)) due (jobs) WHERE cardinality(due.jobs) > 0
$$;
GRANT CREATE ON SCHEMA public TO rapport_definer;
ALTER FUNCTION rapport_due_jobs(timestamptz) OWNER TO rapport_definer;
REVOKE CREATE ON SCHEMA public FROM rapport_definer;
REVOKE ALL ON FUNCTION rapport_due_jobs(timestamptz) FROM PUBLIC;
-- A connection of the pool may have served a customer last.
GRANT EXECUTE ON FUNCTION rapport_due_jobs(timestamptz) TO rapport_app, rapport_customer;
