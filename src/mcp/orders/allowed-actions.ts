import { z } from 'zod';

/** Actions on an order for which agents have tools, in the words of the API. */
export type ActionName = 'CANCEL' | 'CHANGE_SHIPPING_ADDRESS' | 'REQUEST_RETURN' | 'REQUEST_EXCHANGE';

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

export const actionOutput = z.object({
  action: z.string(),
  isAllowed: z.boolean(),
  refusals: z.array(z.string()).optional(),
  reasons: z.array(z.string()).optional(),
  paymentMethodIds: z.array(z.string()).optional(),
  possibleUntil: z.string().optional(),
});

/** One line of text about an action: whether it is allowed, with which reasons, or why not. */
export function lineOfAction({ action, isAllowed, refusals, reasons, possibleUntil }: AllowedAction): string {
  if (!isAllowed) return `${action} REFUSED: ${refusals.map(({ code, message }) => `${code} ${message}`).join(' ')}`;
  const until = possibleUntil ? ` until ${possibleUntil}` : '';
  const chosen = reasons ? `, reason ${reasons.map((reason) => `"${reason}"`).join(' or ')}` : '';
  return `${action} ALLOWED${until}${chosen}`;
}

export function actionData(each: AllowedAction): z.input<typeof actionOutput> {
  const { action, isAllowed, refusals, reasons, paymentMethodIds, possibleUntil } = each;
  return {
    action,
    isAllowed,
    ...(refusals.length > 0 && { refusals: refusals.map(({ code }) => code) }),
    ...(reasons && { reasons }),
    ...(paymentMethodIds.length > 0 && { paymentMethodIds }),
    ...(possibleUntil && { possibleUntil }),
  };
}
