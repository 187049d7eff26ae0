import * as z from 'zod';
import { paging } from '../arguments.ts';
import { type Ask, ToolError } from '../ask.ts';
import { type Connection, connectionOf, pageReply, type Row } from '../text/list-reply.ts';
import { Markers } from '../text/markers.ts';
import { dayOf, minuteOf, nameOf } from '../text/names.ts';
import type { Action } from './action-row.ts';

/** Arguments of a list of the customers of the workspace for whom something is due. */
export const dueListInput = {
  list: z.enum(['FOLLOW_UPS', 'PROMISES', 'UNANSWERED', 'BIRTHDAYS', 'AT_RISK']).optional(),
  days: z.int().min(1).max(31).default(7),
  currencyCode: z.string().length(3).optional(),
  after: paging.after,
};

type List = NonNullable<z.output<typeof dueListInput.list>>;
type Args = Pick<z.output<z.ZodObject<typeof dueListInput>>, 'days' | 'currencyCode' | 'after'> & {
  list: List;
  maxTokens: number;
};

type Customer = { id: string; displayName: string };
type Due = Pick<Action, 'kind' | 'since' | 'status' | 'factIds'> & { customer: Customer | null; text: string };

type DueList<Node> = {
  document: string;
  variables: (args: Args) => object;
  dueOf: (node: Node, args: Args) => Due;
};

// Enough rows for most budgets. The cursor continues the list.
const first = 50;
const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString();

function dueList<Node>(list: DueList<Node>): DueList<never> {
  return list;
}

const customer = 'customer { id displayName }';

const followUps = (kind: 'FOLLOW_UP' | 'PROMISE') =>
  dueList<{ id: string; status: string; dueAt: string; customer: Customer }>({
    document: `query McpDueFollowUps($first: Int!, $after: String, $where: FollowUpWhere) {
      list: followUps(first: $first, after: $after, where: $where) { ${connectionOf(`id status dueAt ${customer}`)} } }`,
    variables: ({ days }) => ({ where: { kind: { eq: kind }, isOpen: true, dueAt: { lte: inDays(days) } } }),
    dueOf: ({ id, status, dueAt, customer }) => ({
      ...{ kind, since: dueAt, status, factIds: [id], customer },
      text: `${status} due ${minuteOf(dueAt)}`,
    }),
  });

const lists: Record<List, DueList<never>> = {
  FOLLOW_UPS: followUps('FOLLOW_UP'),
  PROMISES: followUps('PROMISE'),
  UNANSWERED: dueList<{ id: string; channel: string; occurredAt: string; customer: Customer | null }>({
    document: `query McpUnanswered($first: Int!, $after: String, $since: DateTime!) {
      list: unansweredInteractions(first: $first, after: $after, since: $since) { ${connectionOf(`id channel occurredAt ${customer}`)} } }`,
    variables: ({ days }) => ({ since: inDays(-days) }),
    dueOf: ({ id, channel, occurredAt, customer }) => ({
      ...{ kind: 'REPLY', since: occurredAt, status: null, factIds: [id], customer },
      text: `${channel} since ${minuteOf(occurredAt)}`,
    }),
  }),
  BIRTHDAYS: dueList<Customer & { birthday: { month: number; day: number } }>({
    document: `query McpBirthdays($first: Int!, $after: String, $days: Int!) {
      list: birthdays(first: $first, after: $after, days: $days) { ${connectionOf('id displayName birthday { month day }')} } }`,
    variables: ({ days }) => ({ days }),
    dueOf: ({ birthday: { month, day }, ...customer }) => {
      const date = [month, day].map((each) => String(each).padStart(2, '0')).join('-');
      return { kind: 'BIRTHDAY', since: date, status: null, factIds: [customer.id], customer, text: date };
    },
  }),
  AT_RISK: dueList<
    Customer & { statistics: { currencyCode: string; lastOrderAt: string | null; fact: { id: string } }[] }
  >({
    document: `query McpAtRisk($first: Int!, $after: String, $currencyCode: CurrencyCode!) {
      list: atRiskCustomers(first: $first, after: $after, currencyCode: $currencyCode) {
        ${connectionOf('id displayName statistics { currencyCode lastOrderAt fact { id } }')} } }`,
    variables: ({ currencyCode }) => ({ currencyCode }),
    dueOf: ({ statistics, ...customer }, { currencyCode }) => {
      const own = statistics.find((each) => each.currencyCode === currencyCode);
      const since = own?.lastOrderAt ?? null;
      const factIds = own ? [own.fact.id] : [];
      return { kind: 'WIN_BACK', since, status: null, factIds, customer, text: `last order ${dayOf(since)}` };
    },
  }),
};

/**
 * Lists the customers of the workspace for whom something is due, with what and since when. Contacts and texts are left
 * to the tools that read one customer.
 */
export async function dueListReply(args: Args, ask: Ask) {
  const { list, currencyCode, maxTokens } = args;
  if (list === 'AT_RISK' && currencyCode === undefined)
    throw new ToolError('INVALID_INPUT', 'AT_RISK requires `currencyCode`, such as USD.', { field: ['currencyCode'] });
  const { document, variables, dueOf } = lists[list];
  const paged = { first, after: args.after ?? null, ...variables(args) };
  const found = await ask<{ list: Connection<never> }>(document, paged);
  const markers = new Markers();
  return pageReply({
    maxTokens,
    head: `${list} ${found.list.totalCount} in all. ${markers.notice}`,
    connection: found.list,
    further: 'further customers',
    rowOf: (node): Row<Action> => {
      const { text, customer, ...due } = dueOf(node, args);
      const who = customer ? `${markers.around(nameOf(customer.displayName))} (${customer.id})` : 'unknown customer';
      return {
        line: `${due.kind} ${text}: ${who}`,
        data: { ...due, blockedBy: null, ...(customer && { customerId: customer.id }) },
      };
    },
    data: (actions, page) => ({ actions, ...page }),
  });
}
