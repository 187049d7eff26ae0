import * as z from 'zod';
import { masked } from '../../lib/pii.ts';
import { fold } from '../../lib/text/fold.ts';
import { reading } from '../arguments.ts';
import { type Ask, ToolError } from '../ask.ts';
import { listReply } from '../text/list-reply.ts';
import { Markers } from '../text/markers.ts';
import { nameOf } from '../text/names.ts';
import { defineTool } from '../tool.ts';

const short = z.string().min(1).max(200).optional();

const input = z.strictObject({
  email: short,
  phone: short,
  externalId: z.strictObject({ source: z.string(), value: z.string() }).optional(),
  orderNumber: short,
  name: short,
  postalCode: short,
  ...reading,
});

const output = z.object({
  ambiguous: z.boolean(),
  matches: z.array(
    z.object({
      customerId: z.string(),
      displayName: z.string(),
      maskedEmail: z.string().nullable(),
      maskedPhone: z.string().nullable(),
      matchedOn: z.array(z.string()),
    }),
  ),
});

type Customer = {
  id: string;
  displayName: string;
  contactPoints: { nodes: { kind: string; value: string }[] };
};

const match = `fragment Match on Customer { id displayName contactPoints(first: 10) { nodes { kind value } } }`;

const byKey = `query McpFindCustomer($by: CustomerKey!) { customer(by: $by) { ...Match } } ${match}`;

const byOrder = `query McpFindCustomerOfOrder($number: String!) {
  orders(first: 20, where: { number: { eq: $number } }) { nodes { customer { ...Match } } }
} ${match}`;

const byName = `query McpFindCustomerByName($name: String!, $after: String) {
  customers(first: 100, after: $after, where: { search: $name }) {
    nodes { ...Match addresses(first: 10) { nodes { postalCode } } }
    pageInfo { hasNextPage endCursor }
  }
} ${match}`;

/** Most pages of customers with one name that are compared with a postal code. */
const mostPages = 10;

type Args = z.output<typeof input>;

/** Returns the customers who match, each once, and what they were found by. */
async function find(args: Args, ask: Ask): Promise<{ found: Customer[]; by: string[] }> {
  const { email, phone, externalId, orderNumber, name, postalCode } = args;
  const keys = Object.entries({ email, phone, externalId, orderNumber, name }).filter(
    ([, value]) => value !== undefined,
  );
  const [by] = keys;
  if (!by || keys.length > 1 || (name === undefined) !== (postalCode === undefined))
    throw new ToolError(
      'INVALID_INPUT',
      'Send exactly one of: `email`, `phone`, `externalId`, `orderNumber`, or `name` together with `postalCode`.',
    );
  if (name !== undefined && postalCode !== undefined)
    return { found: await withPostalCode(name, postalCode, ask), by: ['name', 'postalCode'] };
  if (orderNumber !== undefined) {
    const { orders } = await ask<{ orders: { nodes: { customer: Customer | null }[] } }>(byOrder, {
      number: orderNumber,
    });
    return { found: orders.nodes.flatMap(({ customer }) => customer ?? []), by: ['orderNumber'] };
  }
  const { customer } = await ask<{ customer: Customer | null }>(byKey, { by: Object.fromEntries([by]) });
  return { found: customer ? [customer] : [], by: [by[0]] };
}

type Addressed = Customer & { addresses: { nodes: { postalCode: string | null }[] } };

async function withPostalCode(name: string, postalCode: string, ask: Ask): Promise<Customer[]> {
  const named = await allNamed(name, ask);
  if (named.some(({ addresses }) => addresses.nodes.some((each) => each.postalCode === '***')))
    throw new ToolError(
      'FORBIDDEN',
      'This key cannot compare postal codes, because it lacks the scope pii:address. Use `email`, `phone` or `orderNumber`.',
    );
  const wanted = plain(postalCode);
  return named.filter(({ addresses }) => addresses.nodes.some((address) => plain(address.postalCode ?? '') === wanted));
}

// Reads every page, because a match on a later one could make an earlier match ambiguous.
async function allNamed(name: string, ask: Ask): Promise<Addressed[]> {
  type Page = { nodes: Addressed[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  const named: Addressed[] = [];
  let after: string | null = null;
  for (let page = 0; page < mostPages; page++) {
    const { customers }: { customers: Page } = await ask(byName, { name, after });
    named.push(...customers.nodes);
    if (!customers.pageInfo.hasNextPage) return named;
    after = customers.pageInfo.endCursor;
  }
  throw new ToolError(
    'QUERY_TOO_COMPLEX',
    'Too many customers have this name. Ask for an email address or order number.',
  );
}

function plain(postalCode: string): string {
  return fold(postalCode).replace(/[\s-]/g, '');
}

// The key may or may not see contact points. The reply masks them in either case.
function contactOf({ contactPoints }: Customer, kind: 'EMAIL' | 'PHONE'): string | null {
  const value = contactPoints.nodes.find((point) => point.kind === kind)?.value;
  if (value === undefined) return null;
  return value.includes('***') ? value : String(masked(kind, value));
}

export const findCustomer = defineTool({
  name: 'find_customer',
  title: 'Find a customer',
  description:
    'Finds customers by email, phone, externalId, orderNumber, or name with postalCode. Contacts come masked. If ' +
    '`ambiguous`, ask the customer for another detail. Never pick a match yourself.',
  scopes: ['customers:read'],
  effect: 'READ',
  servesOneCustomer: true,
  input,
  output,
  async run(args, { ask, customerId }) {
    const { found, by } = await find(args, ask);
    const visible = customerId === null ? found : found.filter(({ id }) => id === customerId);
    const customers = [...new Map(visible.map((customer) => [customer.id, customer])).values()];
    const markers = new Markers();
    const rows = customers.map((customer) => {
      const [maskedEmail, maskedPhone] = [contactOf(customer, 'EMAIL'), contactOf(customer, 'PHONE')];
      const displayName = nameOf(customer.displayName);
      return {
        line: [customer.id, markers.around(displayName), maskedEmail, maskedPhone].filter(Boolean).join(' | '),
        data: { customerId: customer.id, displayName, maskedEmail, maskedPhone, matchedOn: by },
      };
    });
    const isAmbiguous = customers.length > 1;
    return listReply({
      maxTokens: args.maxTokens,
      head: headOf(customers.length, markers),
      rows,
      omitted: (shown) =>
        shown === rows.length
          ? null
          : `OMITTED ${rows.length - shown} more matches. Raise maxTokens, or ask for a detail.`,
      data: (matches) => ({ ambiguous: isAmbiguous, matches }),
    });
  },
});

function headOf(count: number, markers: Markers): string {
  if (count === 0) return 'NOT FOUND. No customer matches. Ask the customer for another detail.';
  if (count === 1) return `1 match. ${markers.notice}`;
  return `AMBIGUOUS: ${count} customers match. Ask the customer for another detail. ${markers.notice}`;
}
