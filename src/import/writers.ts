import { caseWriter } from '../cases/cases.ts';
import { customerWriter } from '../customers/customers.ts';
import type { Writer } from '../db/writer.ts';
import { surveyResponseWriter } from '../feedback/survey-responses.ts';
import { interactionWriter } from '../interactions/interactions.ts';
import { orderWriter } from '../orders/orders.ts';
import { returnWriter } from '../orders/returns.ts';
import { consentWriter } from '../preferences/consents.ts';
import { preferenceWriter } from '../preferences/preferences.ts';
import { productWriter } from '../products/products.ts';
import type { RecordType } from './format.ts';

/** How each type is written: the very rules behind the mutations. */
export const writers: Record<RecordType, Writer<unknown>> = {
  customer: customerWriter,
  product: productWriter,
  order: orderWriter,
  return: returnWriter,
  case: caseWriter,
  interaction: interactionWriter,
  preference: preferenceWriter,
  consent: consentWriter,
  surveyResponse: surveyResponseWriter,
};
