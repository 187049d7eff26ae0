-- Not logged: after a crash of the server everybody starts anew.
CREATE UNLOGGED TABLE "RateLimit" (
    "workspaceId" UUID NOT NULL,
    "holder" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "points" BIGINT NOT NULL,

    CONSTRAINT "RateLimit_pkey" PRIMARY KEY ("workspaceId","holder")
);

ALTER TABLE "RateLimit" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "RateLimit" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "RateLimit" USING ("workspaceId" = (SELECT nullif(current_setting('app.workspace_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON "RateLimit" TO rapport_app;
