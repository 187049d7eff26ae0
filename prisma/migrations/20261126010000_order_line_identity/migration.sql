-- AlterTable
ALTER TABLE "CustomerStatistics" ALTER COLUMN "amountOrdered" SET DATA TYPE DECIMAL(28,4),
ALTER COLUMN "amountSpent" SET DATA TYPE DECIMAL(28,4),
ALTER COLUMN "amountReturned" SET DATA TYPE DECIMAL(28,4);

-- AlterTable
ALTER TABLE "RfmBounds" ALTER COLUMN "monetary" SET DATA TYPE DECIMAL(28,4)[];

-- AlterTable
ALTER TABLE "Order" ADD COLUMN     "statedPaymentStatus" "PaymentStatus",
ADD COLUMN     "statedStatus" "OrderStatus";

-- AlterTable
ALTER TABLE "OrderLine" ADD COLUMN     "externalId" TEXT,
ADD COLUMN     "source" TEXT;

-- AlterTable
ALTER TABLE "Return" ADD COLUMN     "statedRefundAmount" DECIMAL(19,4);

-- AlterTable
ALTER TABLE "ReturnLine" ADD COLUMN     "statedTotal" DECIMAL(19,4);

-- Until now a row did not say which of its values were written and which followed from other rows. Whoever owns the tables
-- may not be a superuser, and would see no rows while row-level security is forced.
ALTER TABLE "Order" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "OrderLine" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "Payment" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "Return" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "ReturnLine" NO FORCE ROW LEVEL SECURITY;

-- A status that returns changed was FULFILLED before. Where payments are recorded, the payment status followed from them.
UPDATE "Order" o SET
  "statedStatus" = CASE WHEN o."status" IN ('PARTIALLY_RETURNED', 'RETURNED') AND EXISTS (
    SELECT 1 FROM "Return" r WHERE r."workspaceId" = o."workspaceId" AND r."orderId" = o."id" AND r."status" IN ('RECEIVED', 'COMPLETED'))
    THEN 'FULFILLED' ELSE o."status" END,
  "statedPaymentStatus" = CASE WHEN o."paymentStatus" <> 'PENDING' AND NOT EXISTS (
    SELECT 1 FROM "Payment" p WHERE p."workspaceId" = o."workspaceId" AND p."orderId" = o."id") THEN o."paymentStatus" END;
ALTER TABLE "Order" ALTER COLUMN "statedStatus" SET NOT NULL;

-- A total that is not quantity times unit price was written; so was an amount that is not what the lines add up to.
UPDATE "ReturnLine" rl SET "statedTotal" = rl."total"
WHERE NOT EXISTS (SELECT 1 FROM "OrderLine" l
  WHERE l."workspaceId" = rl."workspaceId" AND l."id" = rl."orderLineId" AND l."unitPrice" * rl."quantity" = rl."total");
UPDATE "Return" r SET "statedRefundAmount" = r."refundAmount"
WHERE r."refundAmount" <> (SELECT coalesce(sum(rl."total"), 0) FROM "ReturnLine" rl
  WHERE rl."workspaceId" = r."workspaceId" AND rl."returnId" = r."id");

ALTER TABLE "Order" FORCE ROW LEVEL SECURITY;
ALTER TABLE "OrderLine" FORCE ROW LEVEL SECURITY;
ALTER TABLE "Payment" FORCE ROW LEVEL SECURITY;
ALTER TABLE "Return" FORCE ROW LEVEL SECURITY;
ALTER TABLE "ReturnLine" FORCE ROW LEVEL SECURITY;
