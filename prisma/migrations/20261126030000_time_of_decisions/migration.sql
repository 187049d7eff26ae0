-- What holds now follows the clock and the order of recording. Rows of earlier versions are brought in line.
ALTER TABLE "Consent" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "ConsentEvent" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "Preference" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "Interaction" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "Case" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "Customer" NO FORCE ROW LEVEL SECURITY;

-- The decision that holds, as `src/preferences/decisions.ts` finds it. Only a decision that was recorded before its own
-- instant, shares it with another, or withdraws a consent that seems a little later, changes anything.
UPDATE "Consent" n SET "status" = h."status", "source" = h."source", "evidence" = h."evidence", "capturedAt" = h."heldFrom", "expiresAt" = h."expiresAt"
FROM (
  SELECT DISTINCT ON (e."workspaceId", e."customerId", e."channel", e."purpose") e.*,
    CASE WHEN e."isMisdated" THEN e."capturedAt" ELSE e."effectiveAt" END AS "heldFrom"
  FROM (
    SELECT *, least("capturedAt", "createdAt") AS "effectiveAt",
      ("status" = 'GRANTED' AND "capturedAt" > "createdAt" + interval '5 minutes') AS "isMisdated"
    FROM "ConsentEvent"
  ) e
  ORDER BY e."workspaceId", e."customerId", e."channel", e."purpose",
    e."isMisdated", greatest(e."effectiveAt", (
      SELECT max(least(g."capturedAt", g."createdAt")) FROM "ConsentEvent" g
      WHERE e."status" <> 'GRANTED' AND g."status" = 'GRANTED' AND g."capturedAt" <= g."createdAt" + interval '5 minutes'
        AND (g."workspaceId", g."customerId", g."channel", g."purpose") = (e."workspaceId", e."customerId", e."channel", e."purpose")
        AND (g."createdAt", g."id") < (e."createdAt", e."id")
        AND least(g."capturedAt", g."createdAt") <= e."effectiveAt" + interval '5 minutes')) DESC,
    e."status" = 'GRANTED', e."createdAt" DESC, e."id" DESC
) h
WHERE n."workspaceId" = h."workspaceId" AND n."customerId" = h."customerId" AND n."channel" = h."channel" AND n."purpose" = h."purpose"
  AND (n."status", n."source", n."evidence", n."capturedAt", n."expiresAt")
    IS DISTINCT FROM (h."status", h."source", h."evidence", h."heldFrom", h."expiresAt");

-- A preference holds from "validFrom" to "endedAt", so a value that a later one is to replace still holds. Three kinds of
-- rows said otherwise. A retraction took back the value to come, and with it what that had replaced.
UPDATE "Preference" p SET "endedAt" = r."endedAt" FROM "Preference" r
WHERE r."workspaceId" = p."workspaceId" AND r."customerId" = p."customerId" AND r."key" = p."key"
  AND r."status" = 'RETRACTED' AND r."endedAt" < r."validFrom"
  AND p."status" = 'SUPERSEDED' AND p."endedAt" = r."validFrom" AND p."endedAt" > now();

-- A value to come that never holds ended when it was recorded.
UPDATE "Preference" SET "endedAt" = "createdAt"
WHERE "status" = 'SUPERSEDED' AND "endedAt" <= "validFrom" AND "endedAt" > now();

-- Several values were to end together with the value to come. One of weaker origin never held; the others hold in turn.
UPDATE "Preference" w SET "endedAt" = least(w."validFrom", w."createdAt") FROM "Preference" s
WHERE s."workspaceId" = w."workspaceId" AND s."customerId" = w."customerId" AND s."key" = w."key" AND s."endedAt" = w."endedAt"
  AND s."status" = 'SUPERSEDED' AND w."status" = 'SUPERSEDED' AND w."endedAt" > now()
  AND s."origin" < w."origin" AND s."validFrom" <= w."validFrom";

UPDATE "Preference" p SET "endedAt" = n."from"
FROM (
  SELECT "workspaceId", "id", lead("validFrom") OVER (
    PARTITION BY "workspaceId", "customerId", "key", "endedAt" ORDER BY "validFrom", "createdAt", "id") AS "from"
  FROM "Preference" WHERE "status" = 'SUPERSEDED' AND "endedAt" > now()
) n
WHERE p."workspaceId" = n."workspaceId" AND p."id" = n."id" AND n."from" IS NOT NULL;

-- An interaction of a case is with the customer of that case.
UPDATE "Interaction" i SET "customerId" = k."customerId" FROM "Case" k
WHERE k."workspaceId" = i."workspaceId" AND k."id" = i."caseId" AND i."customerId" IS NULL AND k."customerId" IS NOT NULL;

-- Quiet hours that end when they start are none.
UPDATE "Customer" SET "quietFrom" = NULL, "quietUntil" = NULL WHERE "quietFrom" = "quietUntil";

ALTER TABLE "Consent" FORCE ROW LEVEL SECURITY;
ALTER TABLE "ConsentEvent" FORCE ROW LEVEL SECURITY;
ALTER TABLE "Preference" FORCE ROW LEVEL SECURITY;
ALTER TABLE "Interaction" FORCE ROW LEVEL SECURITY;
ALTER TABLE "Case" FORCE ROW LEVEL SECURITY;
ALTER TABLE "Customer" FORCE ROW LEVEL SECURITY;
