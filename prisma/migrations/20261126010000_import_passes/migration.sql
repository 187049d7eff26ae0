-- AlterTable
ALTER TABLE "ImportCheckpoint" ADD COLUMN     "due" BYTEA,
ADD COLUMN     "pass" JSONB,
ADD COLUMN     "waiting" BYTEA,
ALTER COLUMN "rejectsLength" SET DATA TYPE BIGINT;
