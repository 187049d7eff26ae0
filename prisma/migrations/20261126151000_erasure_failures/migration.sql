-- AlterTable
ALTER TABLE "ErasureRequest" ADD COLUMN     "failedAt" TIMESTAMPTZ(3),
ADD COLUMN     "failure" TEXT;
