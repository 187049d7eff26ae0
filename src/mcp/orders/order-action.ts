import * as z from 'zod';
import { capitalized } from '../../lib/text/nouns.ts';
import { customerId, identity, purpose, requireVerified } from '../arguments.ts';
import { ToolError } from '../ask.ts';
import { amountOf, codeOf, type Money } from '../text/names.ts';
import type { Tool } from '../tool.ts';
import { defineWrite, type Writing } from '../writes/define-write.ts';
import { changedSince, ownRecord } from '../writes/own-record.ts';
import { type ActionName, type AllowedAction, allowedActionFields } from './allowed-actions.ts';
import { money } from './order-row.ts';

const common = { customerId, orderId: z.string().max(100), ...identity, purpose };

const effects = {
  payments: z.array(
    z.object({
      kind: z.string(),
      method: z.string(),
      amount: money,
      isExpected: z.boolean(),
      maxBusinessDays: z.int().nullable(),
    }),
  ),
  priceDifference: money,
  returnId: z.string().nullable(),
};

type Order = { number: string; version: number; allowedActions: AllowedAction[] };

const orderOf = ownRecord<Order>('Order', `number version ${allowedActionFields}`);

type Payment = {
  kind: string;
  method: string;
  amount: Money;
  isExpected: boolean;
  minBusinessDays: number | null;
  maxBusinessDays: number | null;
};

type Effect = {
  action: { outcome: string; returnId: string | null; priceDifference: Money; payments: Payment[] };
};

/** What the text about an action may need: a way to read, and the outcome. */
export type Described = Pick<Writing, 'ask' | 'isPreview'> & { priceDifference: Money };

type OrderAction<Input extends z.ZodRawShape> = Pick<Tool, 'name' | 'title' | 'description'> & {
  action: ActionName;
  /** Mutation that takes the action, such as `cancelOrder`. */
  mutation: string;
  /** Arguments besides those of every action. */
  input: Input;
  /** Fields of the input of the mutation, besides those of every action. */
  fields: (args: z.output<z.ZodObject<Input>>) => object;
  /** Effects that the action can have, for the data of the reply. */
  effects: readonly (keyof typeof effects)[];
  /** Scopes that the action requires besides those of every action. */
  scopes?: readonly string[];
  /** What else the text says about the arguments. */
  describe?: (args: z.output<z.ZodObject<Input>>, described: Described) => string | Promise<string>;
};

/** Defines a tool that takes an action on an order of a verified customer, under the policy of the workspace. */
export function defineOrderAction<Input extends z.ZodRawShape>(definition: OrderAction<Input>): Tool {
  const { action, mutation, effects: own, scopes = [], input, fields, describe, ...tool } = definition;
  const name = capitalized(mutation);
  const document = `mutation Mcp${name}($input: ${name}Input!) { action: ${mutation}(input: $input) {
    outcome returnId priceDifference { amount currencyCode }
    payments { kind method amount { amount currencyCode } isExpected minBusinessDays maxBusinessDays } } }`;
  return defineWrite({
    ...tool,
    scopes: ['customers:read', 'orders:read', 'orders:write', ...scopes],
    effect: 'CHANGE',
    input: { ...common, ...input },
    output: { orderId: z.string(), outcome: z.string(), ...pick(effects, own) },
    async run(given, { ask, write, version, isPreview }) {
      const args = given as z.output<z.ZodObject<typeof common>> & z.output<z.ZodObject<Input>>;
      requireVerified(args);
      const order = await orderOf(args.orderId, args, ask);
      const expectedVersion = version ?? order.version;
      const sent = { order: { id: order.id }, expectedVersion, ...fields(args) };
      const found = await write<Effect>(document, { input: sent }).catch((error) => {
        throw refusalOf(error, action, order);
      });
      const { outcome, returnId, payments, priceDifference } = found.action;
      const lines = [
        `${action} of order ${codeOf(order.number)}`,
        ...(describe ? [await describe(args, { ask, isPreview, priceDifference })] : []),
        ...payments.map(lineOfPayment),
        ...(returnId === null ? [] : [`Recorded as ${returnId}.`]),
      ];
      const paid = payments.map(({ minBusinessDays: _, method, ...rest }) => ({ ...rest, method: codeOf(method) }));
      return {
        text: lines.join('\n'),
        data: { orderId: order.id, outcome, ...pick({ payments: paid, priceDifference, returnId }, own) },
        version: expectedVersion,
      };
    },
  });
}

function pick<Fields extends object>(fields: Fields, names: readonly (keyof Fields)[]): Partial<Fields> {
  return Object.fromEntries(names.map((name) => [name, fields[name]])) as Partial<Fields>;
}

/** Adds all reasons to a refusal, and the actions that are allowed instead. */
function refusalOf(error: unknown, action: ActionName, { allowedActions }: Order): unknown {
  const changed = changedSince(error, 'Order');
  if (changed) return changed;
  if (!(error instanceof ToolError) || error.details.refusal === undefined) return error;
  const { refusal, ...details } = error.details;
  const ofOrder = allowedActions.find((each) => each.action === action)?.refusals ?? [];
  const refusals = ofOrder.length > 0 ? ofOrder : [{ code: refusal, message: error.message }];
  const allowed = allowedActions.filter(({ isAllowed }) => isAllowed).map((each) => each.action);
  const instead = allowed.length > 0 ? `Allowed: ${allowed.join(', ')}.` : 'No action on this order is allowed.';
  return new ToolError(
    'CONFLICT',
    [...refusals.map(({ code, message }) => `${code}: ${message}`), instead, 'get_order says more.'].join(' '),
    { ...details, refusals: refusals.map(({ code }) => code), allowedActions: allowed },
  );
}

function lineOfPayment({ kind, method, amount, isExpected, minBusinessDays, maxBusinessDays }: Payment): string {
  const when = isExpected ? ' once the goods are back' : '';
  const days = daysOf(minBusinessDays, maxBusinessDays);
  return `${kind} ${amountOf(amount)} ${kind === 'REFUND' ? 'to' : 'by'} ${codeOf(method)}${when}${days}`;
}

function daysOf(min: number | null, max: number | null): string {
  if (max === null) return '';
  if (max === 0) return ', at once';
  return `, within ${min === null || min === max ? max : `${min} to ${max}`} business days`;
}
