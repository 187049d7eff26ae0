import type { PaymentKind } from '../../db/generated/prisma/enums.ts';
import { type Amount, amount, sum, zero } from '../../lib/money.ts';
import type { ActionFacts, CustomerMethod } from './facts.ts';
import { type Refusal, refusalError } from './refusals.ts';

/** A payment or refund that an action makes. */
export type Movement = { kind: PaymentKind; amount: Amount; method: string; paymentMethodId: string | null };

/** Name of a payment method in the texts of payments, such as "gift_card". */
export function methodName({ kind }: CustomerMethod): string {
  return kind.toLowerCase();
}

/**
 * Sums up what is paid with each payment method, after its refunds, oldest payment first. Together, the amounts are what
 * the customer has paid and not got back.
 */
export function netPayments({ payments }: Pick<ActionFacts, 'payments'>): Movement[] {
  const nets = new Map<string, Movement>();
  for (const { kind, amount: moved, method, paymentMethodId } of payments) {
    const key = paymentMethodId ?? `${method}\n`;
    const net = nets.get(key)?.amount ?? zero;
    const after = kind === 'PAYMENT' ? net.plus(moved) : net.minus(moved);
    nets.set(key, { kind: 'PAYMENT', amount: after, method, paymentMethodId });
  }
  const all = [...nets.values()];
  // A refund may have gone to another method than the payment.
  let left = sum(all.map((each) => each.amount));
  return all.flatMap((each) => {
    const taken = each.amount.lt(left) ? each.amount : left;
    if (taken.lte(0)) return [];
    left = left.minus(taken);
    return [{ ...each, amount: taken }];
  });
}

/** Returns the refunds that give back what is paid, each to the method that it was paid with. */
export function refundsToOriginal(facts: Pick<ActionFacts, 'payments'>): Movement[] {
  return netPayments(facts).map((net) => ({ ...net, kind: 'REFUND' }));
}

/** Whether the payment method is one that the order is paid with. */
export function isOriginal({ id }: CustomerMethod, facts: Pick<ActionFacts, 'payments'>): boolean {
  return netPayments(facts).some(({ paymentMethodId }) => paymentMethodId === id);
}

/** Returns why a payment method with a balance cannot pay an amount. Null if it can, or if it has no balance. */
export function balanceRefusal(
  { balance, currencyCode }: CustomerMethod,
  wanted: { amount: Amount; currencyCode: string },
): Refusal | null {
  if (balance === null) return null;
  if (currencyCode !== wanted.currencyCode)
    return {
      code: 'OTHER_CURRENCY',
      message: `The balance is in ${currencyCode}, but the order is in ${wanted.currencyCode}. Choose another payment method.`,
    };
  if (amount(balance).gte(wanted.amount)) return null;
  return {
    code: 'INSUFFICIENT_BALANCE',
    message: `The balance must cover ${wanted.amount.toFixed()} ${currencyCode}. Choose another payment method.`,
  };
}

/** Returns the new balances of the payment methods after the movements. Throws if one would become negative. */
export function balancesAfter(movements: Movement[], { methods, currencyCode }: ActionFacts) {
  return methods.flatMap((method) => {
    const own = movements.filter(({ paymentMethodId }) => paymentMethodId === method.id);
    if (method.balance === null || own.length === 0) return [];
    const spent = sum(own.map((each) => (each.kind === 'PAYMENT' ? each.amount : each.amount.negated())));
    const refusal = balanceRefusal(method, { amount: spent, currencyCode });
    if (refusal) throw refusalError(refusal, 'paymentMethod');
    return spent.isZero() ? [] : [{ id: method.id, balance: amount(method.balance).minus(spent) }];
  });
}
