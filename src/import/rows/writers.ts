import { caseWriter } from '../../cases/cases.ts';
import { customerImportWriter } from '../../customers/customers.ts';
import type { BulkWriter } from '../../db/write/bulk-upsert.ts';
import { surveyResponseWriter } from '../../feedback/survey-responses.ts';
import { interactionWriter } from '../../interactions/interactions.ts';
import { orderWriter } from '../../orders/orders.ts';
import { returnWriter } from '../../orders/returns/returns.ts';
import { consentWriter } from '../../preferences/consents/consents.ts';
import { preferenceWriter } from '../../preferences/preferences.ts';
import { productWriter } from '../../products/products.ts';
import type { RecordType } from '../format.ts';

/**
 * Writers by type. They apply the rules of the mutations, except that contact points that are invalid or belong to
 * another customer are left out instead of rejected.
 */
export const writers: Record<RecordType, BulkWriter<unknown>> = {
  customer: customerImportWriter,
  product: productWriter,
  order: orderWriter,
  return: returnWriter,
  case: caseWriter,
  interaction: interactionWriter,
  preference: preferenceWriter,
  consent: consentWriter,
  surveyResponse: surveyResponseWriter,
};
