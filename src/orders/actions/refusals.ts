import { DomainError } from '../../lib/errors.ts';

/** Why an action on an order is refused. Published in the schema as `OrderActionRefusal`. */
export const refusalCodes = {
  NO_POLICY: 'The workspace has no order policy, so no action is allowed.',
  NOT_IN_POLICY: 'The order policy leaves the action out.',
  CUSTOMER_ERASED: 'The customer of the order was erased.',
  STATUS: 'The order has a status in which the action is not allowed.',
  NOT_DELIVERED: 'Some of the goods have not been delivered yet.',
  WINDOW_OVER: 'The time in which the action was possible is over.',
  ALREADY_CHANGED: 'An earlier action on the order rules this one out.',
  NOT_PAID: 'Nothing has been paid for the order, so there is no payment to move.',
  PAYMENTS_NOT_RECORDED: 'The order is paid, but its payments are not recorded.',
  NOTHING_LEFT: 'No units are left that could be returned or changed, or fewer than requested.',
  REASON_REQUIRED: 'The action needs a reason from the policy.',
  REASON_NOT_ALLOWED: 'The reason is not among those of the policy.',
  OTHER_PRODUCT: 'The wanted variant belongs to another product.',
  SAME_VARIANT: 'The wanted variant is the one that was ordered.',
  UNAVAILABLE: 'The wanted variant cannot be bought at the moment.',
  PRICE_UNKNOWN: 'The wanted variant has no price in the currency of the order.',
  METHOD_REQUIRED: 'A payment method for the price difference is missing.',
  METHOD_NOT_ALLOWED: 'The payment method is inactive, or the policy does not allow its kind here.',
  SAME_METHOD: 'The order is already paid with this payment method.',
  OTHER_CURRENCY: 'The balance of the payment method is in another currency than the order.',
  INSUFFICIENT_BALANCE: 'The balance of the payment method does not cover the amount.',
} as const;

export type RefusalCode = keyof typeof refusalCodes;

/** One reason why an action is not allowed, and a message that says what to do instead. */
export type Refusal = { code: RefusalCode; message: string };

/** Returns the error for a refused action. */
export function refusalError({ code, message }: Refusal, ...field: (string | number)[]): DomainError {
  return new DomainError('CONFLICT', message, { field, refusal: code });
}
