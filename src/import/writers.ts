import { upsertCases } from '../cases/cases.ts';
import { upsertCustomers } from '../customers/customers.ts';
import type { Tx } from '../db/database.ts';
import { recordSurveyResponses } from '../feedback/survey-responses.ts';
import { upsertInteractions } from '../interactions/interactions.ts';
import type { WriteResult } from '../lib/written.ts';
import { upsertOrders } from '../orders/orders.ts';
import { recordReturns } from '../orders/returns.ts';
import { recordConsents } from '../preferences/consents.ts';
import { setPreferences } from '../preferences/preferences.ts';
import { upsertProducts } from '../products/products.ts';
import type { RecordType } from './format.ts';

/** The bulk write of each type: the very functions behind the mutations. */
export const writers: Record<RecordType, (tx: Tx, inputs: unknown[]) => Promise<WriteResult[]>> = {
  customer: upsertCustomers,
  product: upsertProducts,
  order: upsertOrders,
  return: recordReturns,
  case: upsertCases,
  interaction: upsertInteractions,
  preference: setPreferences,
  consent: recordConsents,
  surveyResponse: recordSurveyResponses,
};
