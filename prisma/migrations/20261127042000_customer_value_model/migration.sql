-- CreateEnum
CREATE TYPE "ValueTimeUnit" AS ENUM ('DAY', 'WEEK', 'MONTH');

-- CreateEnum
CREATE TYPE "CustomerDropout" AS ENUM ('VARIED', 'EQUAL', 'NONE');

-- CreateTable
CREATE TABLE "CustomerValueModel" (
    "workspaceId" UUID NOT NULL,
    "currencyCode" TEXT NOT NULL,
    "unit" "ValueTimeUnit" NOT NULL,
    "asOf" TIMESTAMPTZ(3) NOT NULL,
    "fittedAt" TIMESTAMPTZ(3) NOT NULL,
    "customers" INTEGER NOT NULL,
    "repeatCustomers" INTEGER NOT NULL,
    "purchases" INTEGER NOT NULL,
    "r" DOUBLE PRECISION NOT NULL,
    "alpha" DOUBLE PRECISION NOT NULL,
    "a" DOUBLE PRECISION NOT NULL,
    "b" DOUBLE PRECISION NOT NULL,
    "logLikelihood" DOUBLE PRECISION NOT NULL,
    "dropout" "CustomerDropout" NOT NULL,
    "p" DOUBLE PRECISION,
    "q" DOUBLE PRECISION,
    "gamma" DOUBLE PRECISION,
    "spendingLogLikelihood" DOUBLE PRECISION,

    CONSTRAINT "CustomerValueModel_pkey" PRIMARY KEY ("workspaceId","currencyCode")
);

-- Row-level security, privileges and triggers of CustomerValueModel
ALTER TABLE "CustomerValueModel" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "CustomerValueModel" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "CustomerValueModel" TO rapport_app;
CREATE POLICY app ON "CustomerValueModel" TO rapport_app USING ("workspaceId" = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT ON "CustomerValueModel" TO rapport_customer;
CREATE POLICY customer ON "CustomerValueModel" FOR SELECT TO rapport_customer USING (false);
