import { OrderAction } from '../../db/generated/prisma/enums.ts';
import { encodeId } from '../../lib/ids.ts';
import type { ActionFacts } from './facts.ts';
import type { Refusal } from './refusals.ts';
import { deadlineOf, methodRefusal, refusalsOf, ruleOf } from './rules.ts';

/** Whether an action is possible, with which options, or why not. */
export type AllowedAction = {
  action: OrderAction;
  isAllowed: boolean;
  refusals: Refusal[];
  reasons: string[] | null;
  lines: { lineId: string; quantity: number }[];
  paymentMethodIds: string[];
  possibleUntil: Date | null;
  policyVersion: number | null;
};

// Actions for which the caller chooses lines or a payment method.
const choosesLines: OrderAction[] = ['CHANGE_ITEMS', 'REQUEST_RETURN', 'REQUEST_EXCHANGE'];
const choosesMethod: OrderAction[] = ['CHANGE_PAYMENT_METHOD', ...choosesLines];

/** Decides about every action on an order by the rules that the actions apply. */
export function allowedActions(facts: ActionFacts, now: Date): AllowedAction[] {
  return Object.values(OrderAction).map((action) => {
    const rule = ruleOf(action, facts);
    const ofOrder = refusalsOf(action, facts, now);
    const methods = choosesMethod.includes(action)
      ? facts.methods.map((method) => ({ method, refusal: methodRefusal(action, method, facts) }))
      : [];
    const usable = methods.filter(({ refusal }) => refusal === null);
    const refusals = ofOrder.length > 0 ? ofOrder : withoutMethod(action, methods, usable.length);
    const isAllowed = refusals.length === 0;
    return {
      action,
      isAllowed,
      refusals,
      reasons: isAllowed ? (rule?.reasons ?? null) : null,
      lines:
        isAllowed && choosesLines.includes(action)
          ? facts.lines.flatMap(({ id, left }) =>
              left > 0 ? [{ lineId: encodeId('OrderLine', id), quantity: left }] : [],
            )
          : [],
      paymentMethodIds: isAllowed ? usable.map(({ method }) => encodeId('PaymentMethod', method.id)) : [],
      possibleUntil: rule ? deadlineOf(rule, facts) : null,
      policyVersion: facts.policy?.version ?? null,
    };
  });
}

// Only a new payment method is indispensable. Its refusals say why none of the customer's methods will do.
function withoutMethod(action: OrderAction, methods: { refusal: Refusal | null }[], usable: number): Refusal[] {
  if (action !== 'CHANGE_PAYMENT_METHOD' || usable > 0) return [];
  const distinct = new Map(methods.flatMap(({ refusal }) => (refusal ? [[refusal.code, refusal] as const] : [])));
  if (distinct.size > 0) return [...distinct.values()];
  return [{ code: 'METHOD_REQUIRED', message: 'The customer has no payment method. Record one first.' }];
}
