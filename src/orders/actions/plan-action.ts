import type { OrderAction } from '../../db/generated/prisma/enums.ts';
import { type Amount, amount, decimalsOf, sum, zero } from '../../lib/money.ts';
import type { OrderInput, ReturnInput } from '../input.ts';
import type { OrderReferences } from '../references.ts';
import type { StoredOrder } from '../stored-order.ts';
import { lineTotals, orderTotals } from '../totals.ts';
import type { ActionFacts, CustomerMethod } from './facts.ts';
import type { ActionInput } from './input.ts';
import { differenceOf, linesWith, replacementsOf, returnedLines, unitsOf, type Variant } from './items.ts';
import { type Movement, methodName, netPayments, refundsToOriginal } from './money-moves.ts';
import type { ActionRule } from './policy-rules.ts';
import { refusalError } from './refusals.ts';
import { methodRefusal, refusalsOf, ruleOf } from './rules.ts';

/** What an action changes. */
export type ActionPlan = {
  /** Fields of the order to write, and the products of its lines. */
  order: (Partial<OrderInput> & { references?: OrderReferences['lines'] }) | null;
  /** Payments and refunds to record. */
  movements: Movement[];
  /** Return to record, without its order and time. */
  return: ReturnInput | null;
  /** Payments and refunds that follow once the goods are back. */
  expected: Movement[];
  priceDifference: Amount;
};

/** An order, what decides about it, and what the input of the action refers to. */
export type ActionSubject = {
  order: StoredOrder;
  facts: ActionFacts;
  input: ActionInput;
  /** Payment method in the input. Null if none. */
  method: CustomerMethod | null;
  variants: Map<string, Variant>;
  now: Date;
};

type Planned = Partial<ActionPlan>;
type Plan = (subject: ActionSubject, rule: ActionRule) => Planned;

const plans: Record<OrderAction, Plan> = {
  CANCEL: planCancel,
  CHANGE_SHIPPING_ADDRESS: ({ input }) => ({ order: { shippingAddress: input.shippingAddress } }),
  CHANGE_PAYMENT_METHOD: planPaymentMethod,
  CHANGE_ITEMS: planItems,
  REQUEST_RETURN: planReturn,
  REQUEST_EXCHANGE: planExchange,
};

/** Plans an action by the policy in force. Throws the first refusal if it is not allowed. */
export function planAction(action: OrderAction, subject: ActionSubject): ActionPlan {
  const { facts, now } = subject;
  const [refusal] = refusalsOf(action, facts, now);
  const rule = ruleOf(action, facts);
  if (refusal) throw refusalError(refusal, 'order');
  if (!rule) throw new Error('An action without a rule was not refused.');
  checkReason(subject, rule);
  const nothing = { order: null, movements: [], return: null, expected: [], priceDifference: zero };
  return { ...nothing, ...plans[action](subject, rule) };
}

function checkReason({ input: { reason } }: ActionSubject, { reasons }: ActionRule): void {
  if (!reasons) return;
  const options = `Send one of: ${reasons.map((each) => `"${each}"`).join(', ')}.`;
  if (!reason) throw refusalError({ code: 'REASON_REQUIRED', message: `A reason is required. ${options}` }, 'reason');
  if (!reasons.includes(reason))
    throw refusalError(
      { code: 'REASON_NOT_ALLOWED', message: `The policy does not list this reason. ${options}` },
      'reason',
    );
}

function checkMethod(action: OrderAction, { method, facts }: ActionSubject, charged: Amount = zero): void {
  const refusal = method && methodRefusal(action, method, facts, charged);
  if (refusal) throw refusalError(refusal, 'paymentMethod');
}

function planCancel({ order, facts, input }: ActionSubject): Planned {
  const { reason } = input;
  // Without recorded payments, the stated payment status says that all is paid back or released.
  const stated = order.statedPaymentStatus;
  const isPaid = !amount(order.amountPaid).isZero();
  const settled = isPaid ? 'REFUNDED' : stated === 'AUTHORIZED' ? 'VOIDED' : null;
  const paymentStatus = order.payments.length === 0 && settled ? ({ paymentStatus: settled } as const) : {};
  return {
    order: { status: 'CANCELED', ...(reason && { cancelReason: reason }), ...paymentStatus },
    movements: refundsToOriginal(facts),
    priceDifference: zero,
  };
}

function planPaymentMethod(subject: ActionSubject): Planned {
  const { facts, method } = subject;
  const paid = sum(netPayments(facts).map((each) => each.amount));
  checkMethod('CHANGE_PAYMENT_METHOD', subject, paid);
  return { movements: [...paying(paid, method), ...refundsToOriginal(facts)] };
}

function planItems(subject: ActionSubject, rule: ActionRule): Planned {
  const { order, facts, input, method, variants } = subject;
  const replacements = replacementsOf(input.items ?? [], variants, order, facts, rule);
  const lines = linesWith(replacements, order);
  const inputs = lines.map((line) => line.input);
  const { currencyCode } = order;
  const { total } = orderTotals({ key: {}, lines: inputs }, lineTotals(inputs, currencyCode), currencyCode, order);
  const [before, paid] = [amount(order.total), sum(netPayments(facts).map((each) => each.amount))];
  const difference = total.minus(before);
  // A customer who has paid in full pays or gets back the difference. One who has not owes the new total, and gets back
  // what exceeds it.
  const due = paid.gte(before) ? difference : paid.gt(total) ? total.minus(paid) : zero;
  const moved = facts.payments.length > 0 ? due.toDecimalPlaces(decimalsOf(currencyCode)) : zero;
  if (!moved.isZero()) requireMethod(method, moved);
  checkMethod('CHANGE_ITEMS', subject, moved.gt(0) ? moved : zero);
  return {
    order: { lines: inputs, references: lines.map((line) => line.reference) },
    movements: paying(moved, method),
    priceDifference: difference,
  };
}

function requireMethod(method: CustomerMethod | null, difference: Amount): void {
  if (method) return;
  const direction = difference.gt(0) ? 'charged' : 'refunded';
  const message = `${difference.abs().toFixed()} will be ${direction}. Send the \`paymentMethod\` for it.`;
  throw refusalError({ code: 'METHOD_REQUIRED', message }, 'paymentMethod');
}

function planReturn(subject: ActionSubject): Planned {
  const { order, facts, input } = subject;
  const units = unitsOf(input.items ?? [], order, facts);
  checkMethod('REQUEST_RETURN', subject);
  return { return: { kind: 'RETURN', ...sentBack(input), lines: returnedLines(units) } };
}

function planExchange(subject: ActionSubject, rule: ActionRule): Planned {
  const { order, facts, input, method, variants } = subject;
  const replacements = replacementsOf(input.items ?? [], variants, order, facts, rule);
  const difference = differenceOf(replacements, order.currencyCode);
  if (!difference.isZero()) requireMethod(method, difference);
  checkMethod('REQUEST_EXCHANGE', subject, difference.gt(0) ? difference : zero);
  const refundAmount = difference.lt(0) ? difference.negated() : zero;
  return {
    return: { kind: 'EXCHANGE', ...sentBack(input), refundAmount, lines: returnedLines(replacements) },
    expected: paying(difference, method),
    priceDifference: difference,
  };
}

function sentBack({ reason, paymentMethod }: ActionInput) {
  return { reason: reason ?? null, paymentMethod: paymentMethod ?? null, status: 'REQUESTED' as const };
}

// A positive amount is a payment with the method, and a negative one a refund to it.
function paying(due: Amount, method: CustomerMethod | null): Movement[] {
  if (due.isZero() || !method) return [];
  const kind = due.gt(0) ? 'PAYMENT' : 'REFUND';
  return [{ kind, amount: due.abs(), method: methodName(method), paymentMethodId: method.id }];
}
