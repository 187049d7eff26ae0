import * as z from 'zod';
import { minuteOf } from '../text/names.ts';

/** Actions on an order, in the words of the API. */
export type ActionName =
  | 'CANCEL'
  | 'CHANGE_SHIPPING_ADDRESS'
  | 'CHANGE_PAYMENT_METHOD'
  | 'CHANGE_ITEMS'
  | 'REQUEST_RETURN'
  | 'REQUEST_EXCHANGE';

/** Selection of the decisions about actions on an order. */
export const allowedActionFields =
  'allowedActions { action isAllowed refusals { code message } reasons paymentMethodIds possibleUntil }';

export type AllowedAction = {
  action: string;
  isAllowed: boolean;
  refusals: { code: string; message: string }[];
  reasons: string[] | null;
  paymentMethodIds: string[];
  possibleUntil: string | null;
};

export const allowedOutput = z.object({
  action: z.string(),
  reasons: z.array(z.string()).optional(),
  paymentMethodIds: z.array(z.string()).optional(),
  possibleUntil: z.string().optional(),
});

export const refusedOutput = z.object({ action: z.string(), refusals: z.array(z.string()) });

/** An allowed action, with the reasons to choose from. */
export function allowedText({ action, reasons, possibleUntil }: AllowedAction): string {
  const until = possibleUntil ? ` until ${minuteOf(possibleUntil)}` : '';
  const chosen = reasons ? ` (reason ${reasons.map((reason) => `"${reason}"`).join(' or ')})` : '';
  return `${action}${until}${chosen}`;
}

export function allowedData(each: AllowedAction): z.input<typeof allowedOutput> {
  const { action, reasons, paymentMethodIds, possibleUntil } = each;
  return {
    action,
    ...(reasons && { reasons }),
    ...(paymentMethodIds.length > 0 && { paymentMethodIds }),
    ...(possibleUntil && { possibleUntil }),
  };
}

/** A refused action with the codes of the refusals, and in detail with what to do instead. */
export function refusedText({ action, refusals }: AllowedAction, isDetailed: boolean): string {
  const reasons = refusals.map(({ code, message }) => (isDetailed ? `${code}: ${message}` : code));
  return `${action} (${reasons.join(' ')})`;
}

export function refusedData({ action, refusals }: AllowedAction): z.input<typeof refusedOutput> {
  return { action, refusals: refusals.map(({ code }) => code) };
}
