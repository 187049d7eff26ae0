-- CreateEnum
CREATE TYPE "PaymentMethodKind" AS ENUM ('GIFT_CARD', 'STORE_CREDIT', 'CREDIT_CARD', 'DEBIT_CARD', 'PAYPAL', 'WALLET', 'BANK_TRANSFER', 'CASH', 'OTHER');

-- AlterTable
ALTER TABLE "Payment" ADD COLUMN     "paymentMethodId" UUID;

-- CreateTable
CREATE TABLE "PaymentMethod" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customerId" UUID NOT NULL,
    "source" TEXT,
    "externalId" TEXT,
    "kind" "PaymentMethodKind" NOT NULL,
    "brand" TEXT,
    "lastFour" TEXT,
    "balance" DECIMAL(19,4),
    "currencyCode" TEXT,
    "isActive" BOOLEAN NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateIndex
CREATE INDEX "PaymentMethod_workspaceId_customerId_createdAt_id_idx" ON "PaymentMethod"("workspaceId", "customerId", "createdAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "PaymentMethod_workspaceId_source_externalId_key" ON "PaymentMethod"("workspaceId", "source", "externalId");

-- CreateIndex
CREATE INDEX "Payment_workspaceId_paymentMethodId_idx" ON "Payment"("workspaceId", "paymentMethodId") WHERE "paymentMethodId" IS NOT NULL;

-- After the other indexes: of two that cost the same, the planner takes the one made last.
ALTER TABLE "PaymentMethod" ADD CONSTRAINT "PaymentMethod_pkey" PRIMARY KEY ("workspaceId","id");

-- AddForeignKey
ALTER TABLE "PaymentMethod" ADD CONSTRAINT "PaymentMethod_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_workspaceId_paymentMethodId_fkey" FOREIGN KEY ("workspaceId", "paymentMethodId") REFERENCES "PaymentMethod"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- Refunds and payments by order actions move the balance, and two of them must never overdraw it.
ALTER TABLE "PaymentMethod" ADD CONSTRAINT "PaymentMethod_balance_check" CHECK ("balance" >= 0);

-- Row-level security, privileges and triggers of PaymentMethod
ALTER TABLE "PaymentMethod" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "PaymentMethod" FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "PaymentMethod" TO rapport_app;
CREATE POLICY app ON "PaymentMethod" TO rapport_app USING ("workspaceId" = nullif(current_setting('app.workspace_id', true), '')::uuid);
GRANT SELECT ON "PaymentMethod" TO rapport_customer;
CREATE POLICY customer ON "PaymentMethod" FOR SELECT TO rapport_customer USING ("workspaceId" = nullif(current_setting('app.workspace_id', true), '')::uuid AND "customerId" = nullif(current_setting('app.customer_id', true), '')::uuid);
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "PaymentMethod" FOR EACH ROW
  WHEN (current_setting('app.audit', true) <> '') EXECUTE FUNCTION rapport_audit();
CREATE TRIGGER next_version BEFORE UPDATE OF "updatedAt" ON "PaymentMethod" FOR EACH ROW
  EXECUTE FUNCTION rapport_next_version();
CREATE TRIGGER refuse_erased AFTER INSERT ON "PaymentMethod" REFERENCING NEW TABLE AS added FOR EACH STATEMENT
  EXECUTE FUNCTION rapport_refuse_erased();
CREATE TRIGGER refuse_erased_moved AFTER UPDATE OF "customerId" ON "PaymentMethod" FOR EACH ROW
  WHEN (NEW."customerId" IS DISTINCT FROM OLD."customerId") EXECUTE FUNCTION rapport_refuse_erased();
