import type { OrderAction } from '../../db/generated/prisma/enums.ts';
import { type Amount, amount, sum, zero } from '../../lib/money.ts';
import type { ActionFacts, CustomerMethod } from './facts.ts';
import { balanceRefusal, isOriginal, netPayments } from './money-moves.ts';
import type { ActionRule } from './policy-rules.ts';
import type { Refusal } from './refusals.ts';

const dayMs = 86_400_000;

/** Returns the rule of the policy in force for an action. Undefined if there is none. */
export function ruleOf(action: OrderAction, { policy }: ActionFacts): ActionRule | undefined {
  return policy?.rules.actions[action];
}

/** Returns the reasons against the action that lie in the order, not in the input. Empty if there are none. */
export function refusalsOf(action: OrderAction, facts: ActionFacts, now: Date): Refusal[] {
  if (!facts.policy)
    return [{ code: 'NO_POLICY', message: 'This workspace has no order policy. Set one with `setOrderPolicy`.' }];
  const rule = ruleOf(action, facts);
  if (!rule) return [{ code: 'NOT_IN_POLICY', message: `The policy does not allow ${action}.` }];
  return [
    facts.isErased &&
      refuse('CUSTOMER_ERASED', 'The customer of this order was erased. Their orders no longer change.'),
    !rule.statuses.some((status) => status === facts.status) &&
      refuse(
        'STATUS',
        `The order is ${facts.status}. The policy allows this action if it is ${listed(rule.statuses)}.`,
      ),
    rule.deliveredOnly &&
      !isDelivered(facts) &&
      refuse('NOT_DELIVERED', 'A shipment has not arrived yet. Wait until all of them are DELIVERED.'),
    isOver(rule, facts, now) &&
      refuse('WINDOW_OVER', `The action was possible until ${deadlineOf(rule, facts)?.toISOString()}.`),
    takenBefore(rule, facts),
    ...aboutContent(action, facts),
  ].filter((refusal) => refusal !== false && refusal !== null);
}

function refuse(code: Refusal['code'], message: string): Refusal {
  return { code, message };
}

function listed(values: string[]): string {
  return values.length > 1 ? `${values.slice(0, -1).join(', ')} or ${values.at(-1)}` : values.join();
}

// An order without shipments has left the shop in some other way.
function isDelivered({ shipments }: ActionFacts): boolean {
  return shipments.every(({ status }) => status === 'DELIVERED' || status === 'CANCELED');
}

/** Returns the time until which the action is possible. Null if the policy sets no limit. */
export function deadlineOf({ within }: ActionRule, { placedAt, shipments }: ActionFacts): Date | null {
  if (!within) return null;
  const latest = (times: (string | null)[]) =>
    times
      .filter((each) => each !== null)
      .sort()
      .at(-1);
  const arrived = latest(shipments.map(({ deliveredAt }) => deliveredAt));
  const sent = latest(shipments.map(({ shippedAt }) => shippedAt));
  const since = within.since === 'PLACED' ? placedAt : (arrived ?? sent ?? placedAt);
  return new Date(Date.parse(since) + within.days * dayMs);
}

function isOver(rule: ActionRule, facts: ActionFacts, now: Date): boolean {
  const deadline = deadlineOf(rule, facts);
  return deadline !== null && deadline < now;
}

function takenBefore({ notAfter }: ActionRule, { taken }: ActionFacts): Refusal | null {
  const earlier = notAfter.find((each) => taken.includes(each));
  if (!earlier) return null;
  return refuse('ALREADY_CHANGED', `The policy does not allow this action after ${earlier}, which was already taken.`);
}

// Refusals because of the lines and payments of the order.
function aboutContent(action: OrderAction, facts: ActionFacts): (Refusal | null | false)[] {
  const isLeft = facts.lines.some(({ left }) => left > 0);
  const needsGoods = action === 'CHANGE_ITEMS' || action === 'REQUEST_RETURN' || action === 'REQUEST_EXCHANGE';
  const isRecorded = facts.payments.some(({ kind }) => kind === 'PAYMENT');
  const movesMoney = action === 'CHANGE_ITEMS' || action === 'CHANGE_PAYMENT_METHOD';
  const unrecorded = movesMoney && !isRecorded && !amount(facts.amountPaid).isZero();
  return [
    needsGoods && !isLeft && refuse('NOTHING_LEFT', 'No units of this order are left to change, return or exchange.'),
    unrecorded &&
      refuse('PAYMENTS_NOT_RECORDED', 'Send the payments of this order with `upsertOrder`, then repeat the action.'),
    action === 'CHANGE_PAYMENT_METHOD' &&
      !unrecorded &&
      netPayments(facts).length === 0 &&
      refuse('NOT_PAID', 'Nothing is paid for this order. Let the customer pay with the new method.'),
  ];
}

/**
 * Returns why a payment method cannot be used for an action. Null if it can. `charged` is what it would have to pay; by
 * default, what the action moves in any case.
 */
export function methodRefusal(
  action: OrderAction,
  method: CustomerMethod,
  facts: ActionFacts,
  charged: Amount = chargedBy(action, facts),
): Refusal | null {
  const own = isOriginal(method, facts);
  const allowed = ruleOf(action, facts)?.paymentMethods;
  const isKind = !allowed || allowed.some((each) => each === method.kind || (each === 'ORIGINAL' && own));
  if (!isKind || !(method.isActive || own))
    return refuse('METHOD_NOT_ALLOWED', `Choose an active payment method${allowed ? `: ${listed(allowed)}` : ''}.`);
  if (action === 'CHANGE_PAYMENT_METHOD' && own)
    return refuse('SAME_METHOD', 'The order is already paid with this payment method. Choose another one.');
  return balanceRefusal(method, { amount: charged, currencyCode: facts.currencyCode });
}

// What a new payment method has to pay.
function chargedBy(action: OrderAction, facts: ActionFacts): Amount {
  return action === 'CHANGE_PAYMENT_METHOD' ? sum(netPayments(facts).map((each) => each.amount)) : zero;
}
