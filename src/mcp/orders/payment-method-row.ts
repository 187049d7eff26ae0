import * as z from 'zod';
import { amountOf, type Money, nameOf } from '../text/names.ts';
import { money } from './order-row.ts';

/** Selection of the payment methods of a customer. */
export const methodFields =
  'paymentMethods(first: 20) { nodes { id kind brand lastFour isActive balance { amount currencyCode } } }';

export type Method = {
  id: string;
  kind: string;
  brand: string | null;
  lastFour: string | null;
  isActive: boolean;
  balance: Money | null;
};

export const methodOutput = z.object({
  paymentMethodId: z.string(),
  kind: z.string(),
  card: z.string().optional(),
  balance: money.optional(),
  isActive: z.boolean(),
});

const cardOf = ({ brand, lastFour }: Method) => [brand && nameOf(brand), lastFour].filter(Boolean).join(' ');

/** One line of text about a payment method. */
export function lineOfMethod(method: Method): string {
  const { id, kind, balance, isActive } = method;
  const parts = [
    kind,
    cardOf(method),
    balance && `balance ${amountOf(balance)}`,
    isActive ? '' : 'INACTIVE',
    `(${id})`,
  ];
  return `METHOD ${parts.filter(Boolean).join(' ')}`;
}

export function methodData(method: Method): z.input<typeof methodOutput> {
  const { id, kind, balance, isActive } = method;
  const card = cardOf(method);
  return { paymentMethodId: id, kind, ...(card !== '' && { card }), ...(balance && { balance }), isActive };
}
