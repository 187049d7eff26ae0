-- Trigrams make search by any part of a name an index scan; btree_gin lets that index begin with the workspace.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- CreateEnum
CREATE TYPE "ApiKeyKind" AS ENUM ('SECRET', 'AGENT');

-- CreateEnum
CREATE TYPE "CaseKind" AS ENUM ('QUESTION', 'REQUEST', 'COMPLAINT', 'RETURN', 'PROBLEM', 'PRAISE');

-- CreateEnum
CREATE TYPE "CaseStatus" AS ENUM ('OPEN', 'PENDING', 'SNOOZED', 'RESOLVED');

-- CreateEnum
CREATE TYPE "CasePriority" AS ENUM ('LOW', 'MEDIUM', 'HIGH', 'URGENT');

-- CreateEnum
CREATE TYPE "PromiseStatus" AS ENUM ('OPEN', 'KEPT', 'BROKEN');

-- CreateEnum
CREATE TYPE "SurveyKind" AS ENUM ('CSAT', 'NPS', 'CES', 'SUGGESTION');

-- CreateEnum
CREATE TYPE "CustomerStatus" AS ENUM ('ACTIVE', 'MERGED', 'ERASED');

-- CreateEnum
CREATE TYPE "Register" AS ENUM ('FORMAL', 'INFORMAL');

-- CreateEnum
CREATE TYPE "ContactPointKind" AS ENUM ('EMAIL', 'PHONE', 'SOCIAL');

-- CreateEnum
CREATE TYPE "AddressKind" AS ENUM ('SHIPPING', 'BILLING', 'HOME');

-- CreateEnum
CREATE TYPE "InteractionChannel" AS ENUM ('EMAIL', 'PHONE', 'LIVE_CHAT', 'CHATBOT', 'SMS', 'MESSAGING', 'SOCIAL', 'IN_PERSON', 'WEB', 'LETTER', 'FAX');

-- CreateEnum
CREATE TYPE "InteractionDirection" AS ENUM ('INBOUND', 'OUTBOUND', 'INTERNAL');

-- CreateEnum
CREATE TYPE "InteractionKind" AS ENUM ('MESSAGE', 'CALL', 'VISIT', 'PAGE_VIEW', 'NOTE', 'SURVEY', 'SYSTEM');

-- CreateEnum
CREATE TYPE "ActorKind" AS ENUM ('CUSTOMER', 'STAFF', 'BOT', 'SYSTEM');

-- CreateEnum
CREATE TYPE "Sentiment" AS ENUM ('NEGATIVE', 'NEUTRAL', 'POSITIVE');

-- CreateEnum
CREATE TYPE "SalesChannel" AS ENUM ('WEB', 'STORE', 'PHONE', 'MARKETPLACE', 'SOCIAL', 'OTHER');

-- CreateEnum
CREATE TYPE "OrderStatus" AS ENUM ('DRAFT', 'UNCONFIRMED', 'UNFULFILLED', 'PARTIALLY_FULFILLED', 'FULFILLED', 'PARTIALLY_RETURNED', 'RETURNED', 'CANCELED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('PENDING', 'AUTHORIZED', 'PARTIALLY_PAID', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED');

-- CreateEnum
CREATE TYPE "PaymentKind" AS ENUM ('PAYMENT', 'REFUND');

-- CreateEnum
CREATE TYPE "FulfillmentStatus" AS ENUM ('PENDING', 'IN_TRANSIT', 'DELIVERED', 'FAILED', 'CANCELED');

-- CreateEnum
CREATE TYPE "ReturnKind" AS ENUM ('RETURN', 'EXCHANGE');

-- CreateEnum
CREATE TYPE "ReturnStatus" AS ENUM ('REQUESTED', 'APPROVED', 'RECEIVED', 'COMPLETED', 'REJECTED');

-- CreateEnum
CREATE TYPE "PreferenceValueType" AS ENUM ('STRING', 'NUMBER', 'BOOLEAN', 'STRING_LIST', 'DATE');

-- CreateEnum
CREATE TYPE "PreferenceOrigin" AS ENUM ('STATED', 'OBSERVED', 'INFERRED');

-- CreateEnum
CREATE TYPE "PreferenceStatus" AS ENUM ('ACTIVE', 'PROPOSED', 'REJECTED', 'SUPERSEDED', 'RETRACTED');

-- CreateEnum
CREATE TYPE "ConsentPurpose" AS ENUM ('SERVICE', 'PERSONALISATION', 'MARKETING', 'SURVEY');

-- CreateEnum
CREATE TYPE "ConsentStatus" AS ENUM ('GRANTED', 'DENIED', 'REVOKED');

-- CreateTable
CREATE TABLE "Workspace" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "defaultCountry" TEXT,
    "lastCaseNumber" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Workspace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ApiKey" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "ApiKeyKind" NOT NULL DEFAULT 'SECRET',
    "prefix" TEXT NOT NULL,
    "secretHash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "expiresAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ApiKey_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "ImportCheckpoint" (
    "workspaceId" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "items" INTEGER NOT NULL,
    "rejectsLength" INTEGER NOT NULL,
    "summary" JSONB NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ImportCheckpoint_pkey" PRIMARY KEY ("workspaceId","source","fingerprint")
);

-- CreateTable
CREATE TABLE "Case" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "source" TEXT,
    "externalId" TEXT,
    "customerId" UUID,
    "orderId" UUID,
    "kind" "CaseKind" NOT NULL,
    "status" "CaseStatus" NOT NULL,
    "priority" "CasePriority" NOT NULL,
    "subject" TEXT NOT NULL,
    "cause" TEXT,
    "remedy" TEXT,
    "assignee" TEXT,
    "openedAt" TIMESTAMPTZ(3) NOT NULL,
    "firstResponseAt" TIMESTAMPTZ(3),
    "resolvedAt" TIMESTAMPTZ(3),
    "snoozedUntil" TIMESTAMPTZ(3),
    "reopenedCount" INTEGER NOT NULL DEFAULT 0,
    "promiseText" TEXT,
    "promiseDueAt" TIMESTAMPTZ(3),
    "promiseStatus" "PromiseStatus",
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Case_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "CaseHandoff" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "caseId" UUID NOT NULL,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,
    "fromKind" "ActorKind" NOT NULL,
    "fromName" TEXT,
    "to" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "tried" TEXT,
    "openQuestions" TEXT[],

    CONSTRAINT "CaseHandoff_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "SurveyResponse" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "source" TEXT,
    "externalId" TEXT,
    "customerId" UUID NOT NULL,
    "kind" "SurveyKind" NOT NULL,
    "rating" INTEGER,
    "comment" TEXT,
    "caseId" UUID,
    "orderId" UUID,
    "interactionId" UUID,
    "respondedAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SurveyResponse_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "Customer" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "displayName" TEXT NOT NULL,
    "givenName" TEXT,
    "familyName" TEXT,
    "shortName" TEXT,
    "title" TEXT,
    "register" "Register",
    "salutation" JSONB NOT NULL DEFAULT '{}',
    "locale" TEXT,
    "timezone" TEXT,
    "birthMonth" INTEGER,
    "birthDay" INTEGER,
    "birthYear" INTEGER,
    "country" TEXT,
    "note" TEXT,
    "quietFrom" TEXT,
    "quietUntil" TEXT,
    "status" "CustomerStatus" NOT NULL DEFAULT 'ACTIVE',
    "mergedIntoId" UUID,
    "searchText" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Customer_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "ContactPoint" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customerId" UUID NOT NULL,
    "kind" "ContactPointKind" NOT NULL,
    "value" TEXT NOT NULL,
    "normalizedValue" TEXT NOT NULL,
    "isPrimary" BOOLEAN NOT NULL,
    "verifiedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ContactPoint_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "CustomerExternalId" (
    "workspaceId" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "customerId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CustomerExternalId_pkey" PRIMARY KEY ("workspaceId","source","value")
);

-- CreateTable
CREATE TABLE "Address" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customerId" UUID NOT NULL,
    "kind" "AddressKind" NOT NULL,
    "lines" TEXT[],
    "city" TEXT,
    "region" TEXT,
    "postalCode" TEXT,
    "countryCode" TEXT,
    "isDefault" BOOLEAN NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Address_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "CustomerTag" (
    "workspaceId" UUID NOT NULL,
    "customerId" UUID NOT NULL,
    "tag" TEXT NOT NULL,

    CONSTRAINT "CustomerTag_pkey" PRIMARY KEY ("workspaceId","customerId","tag")
);

-- CreateTable
CREATE TABLE "Interaction" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customerId" UUID,
    "source" TEXT,
    "externalId" TEXT,
    "channel" "InteractionChannel" NOT NULL,
    "direction" "InteractionDirection" NOT NULL,
    "kind" "InteractionKind" NOT NULL,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,
    "actorKind" "ActorKind" NOT NULL,
    "actorName" TEXT,
    "actorRef" TEXT,
    "subject" TEXT,
    "body" TEXT,
    "waitSeconds" INTEGER,
    "holdSeconds" INTEGER,
    "durationSeconds" INTEGER,
    "sentiment" "Sentiment",
    "topics" TEXT[],
    "locationId" UUID,
    "orderId" UUID,
    "caseId" UUID,
    "metadata" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Interaction_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "Location" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "source" TEXT,
    "externalId" TEXT,
    "name" TEXT NOT NULL,
    "timezone" TEXT,
    "countryCode" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Location_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "Order" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "source" TEXT,
    "externalId" TEXT,
    "customerId" UUID,
    "locationId" UUID,
    "channel" "SalesChannel" NOT NULL,
    "placedAt" TIMESTAMPTZ(3) NOT NULL,
    "currencyCode" TEXT NOT NULL,
    "subtotal" DECIMAL(19,4) NOT NULL,
    "discount" DECIMAL(19,4) NOT NULL,
    "shipping" DECIMAL(19,4) NOT NULL,
    "tax" DECIMAL(19,4) NOT NULL,
    "total" DECIMAL(19,4) NOT NULL,
    "status" "OrderStatus" NOT NULL,
    "paymentStatus" "PaymentStatus" NOT NULL,
    "cancelReason" TEXT,
    "shippingAddress" JSONB,
    "note" TEXT,
    "amountPaid" DECIMAL(19,4) NOT NULL DEFAULT 0,
    "amountRefunded" DECIMAL(19,4) NOT NULL DEFAULT 0,
    "amountReturned" DECIMAL(19,4) NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Order_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "OrderLine" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "orderId" UUID NOT NULL,
    "customerId" UUID,
    "position" INTEGER NOT NULL,
    "productId" UUID,
    "variantId" UUID,
    "sku" TEXT,
    "title" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "unitPrice" DECIMAL(19,4) NOT NULL,
    "total" DECIMAL(19,4) NOT NULL,
    "returnedQuantity" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "OrderLine_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "Payment" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "orderId" UUID NOT NULL,
    "source" TEXT,
    "externalId" TEXT,
    "kind" "PaymentKind" NOT NULL,
    "method" TEXT NOT NULL,
    "amount" DECIMAL(19,4) NOT NULL,
    "currencyCode" TEXT NOT NULL,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Payment_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "Fulfillment" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "orderId" UUID NOT NULL,
    "source" TEXT,
    "externalId" TEXT,
    "status" "FulfillmentStatus" NOT NULL,
    "carrier" TEXT,
    "trackingNumber" TEXT,
    "shippedAt" TIMESTAMPTZ(3),
    "deliveredAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Fulfillment_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "Return" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "source" TEXT,
    "externalId" TEXT,
    "orderId" UUID,
    "customerId" UUID,
    "kind" "ReturnKind" NOT NULL,
    "status" "ReturnStatus" NOT NULL,
    "reason" TEXT,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,
    "currencyCode" TEXT NOT NULL,
    "refundAmount" DECIMAL(19,4) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Return_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "ReturnLine" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "returnId" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "orderLineId" UUID,
    "replacementVariantId" UUID,
    "sku" TEXT,
    "title" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "total" DECIMAL(19,4) NOT NULL,

    CONSTRAINT "ReturnLine_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "CustomerStatistics" (
    "workspaceId" UUID NOT NULL,
    "customerId" UUID NOT NULL,
    "currencyCode" TEXT NOT NULL,
    "numberOfOrders" INTEGER NOT NULL,
    "amountOrdered" DECIMAL(19,4) NOT NULL,
    "amountSpent" DECIMAL(19,4) NOT NULL,
    "amountReturned" DECIMAL(19,4) NOT NULL,
    "firstOrderAt" TIMESTAMPTZ(3),
    "lastOrderAt" TIMESTAMPTZ(3),

    CONSTRAINT "CustomerStatistics_pkey" PRIMARY KEY ("workspaceId","customerId","currencyCode")
);

-- CreateTable
CREATE TABLE "PurchasedProduct" (
    "workspaceId" UUID NOT NULL,
    "customerId" UUID NOT NULL,
    "productId" UUID NOT NULL,
    "timesBought" INTEGER NOT NULL,
    "quantity" INTEGER NOT NULL,
    "firstBoughtAt" TIMESTAMPTZ(3) NOT NULL,
    "lastBoughtAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PurchasedProduct_pkey" PRIMARY KEY ("workspaceId","customerId","productId")
);

-- CreateTable
CREATE TABLE "PreferenceDefinition" (
    "workspaceId" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "valueType" "PreferenceValueType" NOT NULL,
    "allowedValues" TEXT[],
    "isSensitive" BOOLEAN NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PreferenceDefinition_pkey" PRIMARY KEY ("workspaceId","key")
);

-- CreateTable
CREATE TABLE "Preference" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customerId" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "valueType" "PreferenceValueType" NOT NULL,
    "values" TEXT[],
    "origin" "PreferenceOrigin" NOT NULL,
    "confidence" DECIMAL(4,3) NOT NULL,
    "status" "PreferenceStatus" NOT NULL,
    "doNotUse" BOOLEAN NOT NULL,
    "source" TEXT,
    "evidence" JSONB,
    "validFrom" TIMESTAMPTZ(3) NOT NULL,
    "validUntil" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Preference_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "Consent" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customerId" UUID NOT NULL,
    "channel" "InteractionChannel" NOT NULL,
    "purpose" "ConsentPurpose" NOT NULL,
    "status" "ConsentStatus" NOT NULL,
    "source" TEXT,
    "evidence" TEXT,
    "capturedAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),

    CONSTRAINT "Consent_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "ConsentEvent" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customerId" UUID NOT NULL,
    "channel" "InteractionChannel" NOT NULL,
    "purpose" "ConsentPurpose" NOT NULL,
    "status" "ConsentStatus" NOT NULL,
    "source" TEXT,
    "evidence" TEXT,
    "capturedAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ConsentEvent_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "Product" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "source" TEXT,
    "externalId" TEXT,
    "title" TEXT NOT NULL,
    "category" TEXT,
    "tags" TEXT[],
    "isActive" BOOLEAN NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Product_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "ProductVariant" (
    "workspaceId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "productId" UUID NOT NULL,
    "sku" TEXT NOT NULL,
    "options" JSONB NOT NULL,
    "priceAmount" DECIMAL(19,4),
    "currencyCode" TEXT,
    "isAvailable" BOOLEAN NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "ProductVariant_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Workspace_slug_key" ON "Workspace"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "ApiKey_prefix_key" ON "ApiKey"("prefix");

-- CreateIndex
CREATE INDEX "Case_workspaceId_openedAt_id_idx" ON "Case"("workspaceId", "openedAt", "id");

-- CreateIndex
CREATE INDEX "Case_workspaceId_customerId_openedAt_id_idx" ON "Case"("workspaceId", "customerId", "openedAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Case_workspaceId_number_key" ON "Case"("workspaceId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "Case_workspaceId_source_externalId_key" ON "Case"("workspaceId", "source", "externalId");

-- CreateIndex
CREATE INDEX "CaseHandoff_workspaceId_caseId_occurredAt_id_idx" ON "CaseHandoff"("workspaceId", "caseId", "occurredAt", "id");

-- CreateIndex
CREATE INDEX "SurveyResponse_workspaceId_customerId_respondedAt_id_idx" ON "SurveyResponse"("workspaceId", "customerId", "respondedAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "SurveyResponse_workspaceId_source_externalId_key" ON "SurveyResponse"("workspaceId", "source", "externalId");

-- CreateIndex
CREATE INDEX "Customer_workspaceId_createdAt_id_idx" ON "Customer"("workspaceId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Customer_workspaceId_updatedAt_id_idx" ON "Customer"("workspaceId", "updatedAt", "id");

-- CreateIndex
CREATE INDEX "Customer_workspaceId_displayName_id_idx" ON "Customer"("workspaceId", "displayName", "id");

-- CreateIndex
CREATE INDEX "Customer_workspaceId_country_createdAt_id_idx" ON "Customer"("workspaceId", "country", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Customer_workspaceId_searchText_idx" ON "Customer" USING GIN ("workspaceId" uuid_ops, "searchText" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "ContactPoint_workspaceId_customerId_createdAt_id_idx" ON "ContactPoint"("workspaceId", "customerId", "createdAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "ContactPoint_workspaceId_normalizedValue_kind_key" ON "ContactPoint"("workspaceId", "normalizedValue", "kind");

-- CreateIndex
CREATE INDEX "CustomerExternalId_workspaceId_customerId_idx" ON "CustomerExternalId"("workspaceId", "customerId");

-- CreateIndex
CREATE INDEX "Address_workspaceId_customerId_createdAt_id_idx" ON "Address"("workspaceId", "customerId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "CustomerTag_workspaceId_tag_customerId_idx" ON "CustomerTag"("workspaceId", "tag", "customerId");

-- CreateIndex
CREATE INDEX "Interaction_workspaceId_occurredAt_id_idx" ON "Interaction"("workspaceId", "occurredAt", "id");

-- CreateIndex
CREATE INDEX "Interaction_workspaceId_customerId_occurredAt_id_idx" ON "Interaction"("workspaceId", "customerId", "occurredAt", "id");

-- CreateIndex
CREATE INDEX "Interaction_workspaceId_caseId_occurredAt_id_idx" ON "Interaction"("workspaceId", "caseId", "occurredAt", "id");

-- CreateIndex
CREATE INDEX "Interaction_workspaceId_orderId_occurredAt_id_idx" ON "Interaction"("workspaceId", "orderId", "occurredAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Interaction_workspaceId_source_externalId_key" ON "Interaction"("workspaceId", "source", "externalId");

-- CreateIndex
CREATE INDEX "Location_workspaceId_name_id_idx" ON "Location"("workspaceId", "name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Location_workspaceId_source_externalId_key" ON "Location"("workspaceId", "source", "externalId");

-- CreateIndex
CREATE INDEX "Order_workspaceId_placedAt_id_idx" ON "Order"("workspaceId", "placedAt", "id");

-- CreateIndex
CREATE INDEX "Order_workspaceId_customerId_placedAt_id_idx" ON "Order"("workspaceId", "customerId", "placedAt", "id");

-- CreateIndex
CREATE INDEX "Order_workspaceId_updatedAt_id_idx" ON "Order"("workspaceId", "updatedAt", "id");

-- CreateIndex
CREATE INDEX "Order_workspaceId_number_idx" ON "Order"("workspaceId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "Order_workspaceId_source_externalId_key" ON "Order"("workspaceId", "source", "externalId");

-- CreateIndex
CREATE INDEX "OrderLine_workspaceId_orderId_position_idx" ON "OrderLine"("workspaceId", "orderId", "position");

-- CreateIndex
CREATE INDEX "OrderLine_workspaceId_customerId_productId_idx" ON "OrderLine"("workspaceId", "customerId", "productId");

-- CreateIndex
CREATE INDEX "Payment_workspaceId_orderId_occurredAt_id_idx" ON "Payment"("workspaceId", "orderId", "occurredAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Payment_workspaceId_source_externalId_key" ON "Payment"("workspaceId", "source", "externalId");

-- CreateIndex
CREATE INDEX "Fulfillment_workspaceId_orderId_createdAt_id_idx" ON "Fulfillment"("workspaceId", "orderId", "createdAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Fulfillment_workspaceId_source_externalId_key" ON "Fulfillment"("workspaceId", "source", "externalId");

-- CreateIndex
CREATE INDEX "Return_workspaceId_customerId_occurredAt_id_idx" ON "Return"("workspaceId", "customerId", "occurredAt", "id");

-- CreateIndex
CREATE INDEX "Return_workspaceId_orderId_occurredAt_id_idx" ON "Return"("workspaceId", "orderId", "occurredAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Return_workspaceId_source_externalId_key" ON "Return"("workspaceId", "source", "externalId");

-- CreateIndex
CREATE INDEX "ReturnLine_workspaceId_returnId_position_idx" ON "ReturnLine"("workspaceId", "returnId", "position");

-- CreateIndex
CREATE INDEX "ReturnLine_workspaceId_orderLineId_idx" ON "ReturnLine"("workspaceId", "orderLineId");

-- CreateIndex
CREATE INDEX "CustomerStatistics_workspaceId_currencyCode_numberOfOrders_idx" ON "CustomerStatistics"("workspaceId", "currencyCode", "numberOfOrders");

-- CreateIndex
CREATE INDEX "CustomerStatistics_workspaceId_currencyCode_lastOrderAt_idx" ON "CustomerStatistics"("workspaceId", "currencyCode", "lastOrderAt");

-- CreateIndex
CREATE INDEX "PurchasedProduct_workspaceId_customerId_lastBoughtAt_produc_idx" ON "PurchasedProduct"("workspaceId", "customerId", "lastBoughtAt", "productId");

-- CreateIndex
CREATE INDEX "PurchasedProduct_workspaceId_productId_customerId_idx" ON "PurchasedProduct"("workspaceId", "productId", "customerId");

-- CreateIndex
CREATE INDEX "Preference_workspaceId_customerId_key_createdAt_id_idx" ON "Preference"("workspaceId", "customerId", "key", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Preference_workspaceId_key_customerId_idx" ON "Preference"("workspaceId", "key", "customerId");

-- CreateIndex
CREATE UNIQUE INDEX "Consent_workspaceId_customerId_channel_purpose_key" ON "Consent"("workspaceId", "customerId", "channel", "purpose");

-- CreateIndex
CREATE INDEX "ConsentEvent_workspaceId_customerId_capturedAt_id_idx" ON "ConsentEvent"("workspaceId", "customerId", "capturedAt", "id");

-- CreateIndex
CREATE INDEX "ConsentEvent_workspaceId_customerId_channel_purpose_capture_idx" ON "ConsentEvent"("workspaceId", "customerId", "channel", "purpose", "capturedAt", "id");

-- CreateIndex
CREATE INDEX "Product_workspaceId_title_id_idx" ON "Product"("workspaceId", "title", "id");

-- CreateIndex
CREATE INDEX "Product_workspaceId_createdAt_id_idx" ON "Product"("workspaceId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Product_workspaceId_category_title_id_idx" ON "Product"("workspaceId", "category", "title", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Product_workspaceId_source_externalId_key" ON "Product"("workspaceId", "source", "externalId");

-- CreateIndex
CREATE INDEX "ProductVariant_workspaceId_sku_idx" ON "ProductVariant"("workspaceId", "sku");

-- CreateIndex
CREATE UNIQUE INDEX "ProductVariant_workspaceId_productId_sku_key" ON "ProductVariant"("workspaceId", "productId", "sku");

-- AddForeignKey
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Case" ADD CONSTRAINT "Case_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Case" ADD CONSTRAINT "Case_workspaceId_orderId_fkey" FOREIGN KEY ("workspaceId", "orderId") REFERENCES "Order"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CaseHandoff" ADD CONSTRAINT "CaseHandoff_workspaceId_caseId_fkey" FOREIGN KEY ("workspaceId", "caseId") REFERENCES "Case"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SurveyResponse" ADD CONSTRAINT "SurveyResponse_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SurveyResponse" ADD CONSTRAINT "SurveyResponse_workspaceId_caseId_fkey" FOREIGN KEY ("workspaceId", "caseId") REFERENCES "Case"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SurveyResponse" ADD CONSTRAINT "SurveyResponse_workspaceId_orderId_fkey" FOREIGN KEY ("workspaceId", "orderId") REFERENCES "Order"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SurveyResponse" ADD CONSTRAINT "SurveyResponse_workspaceId_interactionId_fkey" FOREIGN KEY ("workspaceId", "interactionId") REFERENCES "Interaction"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Customer" ADD CONSTRAINT "Customer_workspaceId_mergedIntoId_fkey" FOREIGN KEY ("workspaceId", "mergedIntoId") REFERENCES "Customer"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ContactPoint" ADD CONSTRAINT "ContactPoint_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CustomerExternalId" ADD CONSTRAINT "CustomerExternalId_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Address" ADD CONSTRAINT "Address_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CustomerTag" ADD CONSTRAINT "CustomerTag_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Interaction" ADD CONSTRAINT "Interaction_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Interaction" ADD CONSTRAINT "Interaction_workspaceId_locationId_fkey" FOREIGN KEY ("workspaceId", "locationId") REFERENCES "Location"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Interaction" ADD CONSTRAINT "Interaction_workspaceId_orderId_fkey" FOREIGN KEY ("workspaceId", "orderId") REFERENCES "Order"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Interaction" ADD CONSTRAINT "Interaction_workspaceId_caseId_fkey" FOREIGN KEY ("workspaceId", "caseId") REFERENCES "Case"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Order" ADD CONSTRAINT "Order_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Order" ADD CONSTRAINT "Order_workspaceId_locationId_fkey" FOREIGN KEY ("workspaceId", "locationId") REFERENCES "Location"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OrderLine" ADD CONSTRAINT "OrderLine_workspaceId_orderId_fkey" FOREIGN KEY ("workspaceId", "orderId") REFERENCES "Order"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OrderLine" ADD CONSTRAINT "OrderLine_workspaceId_productId_fkey" FOREIGN KEY ("workspaceId", "productId") REFERENCES "Product"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OrderLine" ADD CONSTRAINT "OrderLine_workspaceId_variantId_fkey" FOREIGN KEY ("workspaceId", "variantId") REFERENCES "ProductVariant"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_workspaceId_orderId_fkey" FOREIGN KEY ("workspaceId", "orderId") REFERENCES "Order"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Fulfillment" ADD CONSTRAINT "Fulfillment_workspaceId_orderId_fkey" FOREIGN KEY ("workspaceId", "orderId") REFERENCES "Order"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Return" ADD CONSTRAINT "Return_workspaceId_orderId_fkey" FOREIGN KEY ("workspaceId", "orderId") REFERENCES "Order"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Return" ADD CONSTRAINT "Return_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ReturnLine" ADD CONSTRAINT "ReturnLine_workspaceId_returnId_fkey" FOREIGN KEY ("workspaceId", "returnId") REFERENCES "Return"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ReturnLine" ADD CONSTRAINT "ReturnLine_workspaceId_orderLineId_fkey" FOREIGN KEY ("workspaceId", "orderLineId") REFERENCES "OrderLine"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ReturnLine" ADD CONSTRAINT "ReturnLine_workspaceId_replacementVariantId_fkey" FOREIGN KEY ("workspaceId", "replacementVariantId") REFERENCES "ProductVariant"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CustomerStatistics" ADD CONSTRAINT "CustomerStatistics_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PurchasedProduct" ADD CONSTRAINT "PurchasedProduct_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PurchasedProduct" ADD CONSTRAINT "PurchasedProduct_workspaceId_productId_fkey" FOREIGN KEY ("workspaceId", "productId") REFERENCES "Product"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Preference" ADD CONSTRAINT "Preference_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Consent" ADD CONSTRAINT "Consent_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ConsentEvent" ADD CONSTRAINT "ConsentEvent_workspaceId_customerId_fkey" FOREIGN KEY ("workspaceId", "customerId") REFERENCES "Customer"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ConsentEvent" ADD CONSTRAINT "ConsentEvent_workspaceId_customerId_channel_purpose_fkey" FOREIGN KEY ("workspaceId", "customerId", "channel", "purpose") REFERENCES "Consent"("workspaceId", "customerId", "channel", "purpose") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ProductVariant" ADD CONSTRAINT "ProductVariant_workspaceId_productId_fkey" FOREIGN KEY ("workspaceId", "productId") REFERENCES "Product"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One of each at most, which concurrent writers cannot get around.
CREATE UNIQUE INDEX "ContactPoint_primary_key" ON "ContactPoint" ("workspaceId", "customerId", "kind") WHERE "isPrimary";
CREATE UNIQUE INDEX "Address_default_key" ON "Address" ("workspaceId", "customerId", "kind") WHERE "isDefault";
CREATE UNIQUE INDEX "Preference_active_key" ON "Preference" ("workspaceId", "customerId", "key") WHERE "status" = 'ACTIVE';

-- Roles belong to the server, not to the database, so another database may have made them already.
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['rapport_app', 'rapport_definer'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOBYPASSRLS', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', role_name);
  END LOOP;
END $$;

-- Every tenant table: the application's role sees the rows of the workspace its session is bound to, and no others;
-- a session without one sees nothing.
DO $$
DECLARE
  table_name text;
BEGIN
  FOR table_name IN
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'workspaceId'
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', table_name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING ("workspaceId" = (SELECT nullif(current_setting(''app.workspace_id'', true), '''')::uuid))',
      table_name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO rapport_app', table_name);
  END LOOP;
END $$;

ALTER TABLE "Workspace" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "Workspace" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "Workspace" USING ("id" = (SELECT nullif(current_setting('app.workspace_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON "Workspace" TO rapport_app;

-- What is applied may be read by the application, which looks at every start. A shadow database has no such table.
DO $$
BEGIN
  IF to_regclass('public._prisma_migrations') IS NOT NULL THEN
    GRANT SELECT ON "_prisma_migrations" TO rapport_app;
  END IF;
END $$;

-- The three questions that come before a workspace is known, and the one that row-level security would slow down.
-- They run as a role of their own, which may read just these tables.
GRANT SELECT ON "Workspace", "ApiKey", "Customer" TO rapport_definer;
CREATE POLICY definer ON "Workspace" FOR SELECT TO rapport_definer USING (true);
CREATE POLICY definer ON "ApiKey" FOR SELECT TO rapport_definer USING (true);
CREATE POLICY definer ON "Customer" FOR SELECT TO rapport_definer USING (true);

CREATE FUNCTION rapport_workspaces() RETURNS SETOF "Workspace"
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT * FROM public."Workspace" ORDER BY "slug"
$$;

CREATE FUNCTION rapport_api_key(key_prefix text) RETURNS SETOF "ApiKey"
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT * FROM public."ApiKey" WHERE "prefix" = key_prefix
$$;

-- LIKE is not leakproof, so under row-level security the planner may not use the trigram index for it. Here the
-- workspace is part of the condition instead, and every pattern goes through the index.
-- A single NULL: the patterns are common. Then reading customers in their order meets matches soon, while the index
-- would gather all of them first; the newest 500 tell which it is.
CREATE FUNCTION rapport_search_customers(patterns text[], max_results integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  workspace uuid := nullif(current_setting('app.workspace_id', true), '')::uuid;
  conditions text := '';
  common boolean;
BEGIN
  SELECT count(*) >= 5 INTO common FROM (
    SELECT "searchText" FROM public."Customer" WHERE "workspaceId" = workspace ORDER BY "createdAt" DESC, "id" DESC LIMIT 500
  ) newest WHERE "searchText" LIKE ALL (patterns);
  IF common THEN
    RETURN NEXT NULL;
    RETURN;
  END IF;
  FOR i IN 1 .. cardinality(patterns) LOOP
    conditions := conditions || format(' AND "searchText" LIKE $2[%s]', i);
  END LOOP;
  RETURN QUERY EXECUTE 'SELECT "id" FROM public."Customer" WHERE "workspaceId" = $1' || conditions || ' LIMIT $3'
    USING workspace, patterns, max_results;
END $$;

GRANT CREATE ON SCHEMA public TO rapport_definer;
ALTER FUNCTION rapport_workspaces() OWNER TO rapport_definer;
ALTER FUNCTION rapport_api_key(text) OWNER TO rapport_definer;
ALTER FUNCTION rapport_search_customers(text[], integer) OWNER TO rapport_definer;
REVOKE CREATE ON SCHEMA public FROM rapport_definer;
REVOKE ALL ON FUNCTION rapport_workspaces(), rapport_api_key(text), rapport_search_customers(text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rapport_workspaces(), rapport_api_key(text), rapport_search_customers(text[], integer) TO rapport_app;
