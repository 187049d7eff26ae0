import type pg from 'pg';
import { bearer, dataOf, type Sent, send } from './http.ts';

/** A read whose answer is known. */
export type Read = Sent & { kind: string; expected: string };

const context = `query Context($email: String!) { customerContext(by: { email: $email }, purpose: SUPPORT) {
  customerId identity { displayName givenName familyName locale timezone country }
  value { statistics { currencyCode numberOfOrders amountSpent { amount } } }
  preferences { inForce(first: 5) { key value origin } }
  history {
    orders(first: 5) { number status placedAt total { amount currencyCode } lines(first: 5) { nodes { title quantity } } }
    interactions(first: 5) { channel direction occurredAt subject body } } } }`;
const orders = `query Orders($email: String!) { customer(by: { email: $email }) { displayName
  orders(first: 10) { nodes { number placedAt total { amount } lines(first: 3) { nodes { title quantity } } } } } }`;
const timeline = `query Timeline($email: String!) { customer(by: { email: $email }) {
  timeline(first: 10, kinds: [ORDER, INTERACTION]) { nodes { kind occurredAt
    item { ... on Order { number } ... on Interaction { subject body } } } } } }`;

const queries = { context, orders, timeline };
export type ReadKind = keyof typeof queries;

export function bodyOf(kind: ReadKind, email: string): string {
  return JSON.stringify({ query: queries[kind], variables: { email } });
}

/** Sends these reads once and records the answers. */
export async function record(port: number, secret: string, kinds: ReadKind[], email: string, by: string) {
  const recorded: Read[] = [];
  for (const kind of kinds) {
    const [body, headers] = [bodyOf(kind, email), bearer(secret)];
    const answer = await send(port, { body, headers });
    const expected = dataOf(answer);
    if (expected === null) throw new Error(`${kind} by ${by} is refused: ${answer?.text}`);
    recorded.push({ kind: `${kind} by ${by}`, body, headers, expected });
  }
  return recorded;
}

type Stored = { name: string; orders: { number: string; total: number }[]; spent: number; bodies: string[] };

/** Differences between a recorded answer and the tables, which are read with SQL. */
export async function differencesFromTables(client: pg.Client, workspaceId: string, email: string, read: Read) {
  const { rows } = await client.query<Stored>(stored, [workspaceId, email]);
  const [row] = rows;
  const data = JSON.parse(read.expected);
  const of = data.customerContext ?? data.customer;
  if (!row || !of) return [`${read.kind}: no customer`];
  const page = of.history?.orders ?? of.orders?.nodes;
  const events = of.timeline?.nodes.map((node: { item: { number?: string; body?: string } }) => node.item);
  const said = {
    name: of.identity?.displayName ?? of.displayName,
    numbers: page?.map((order: { number: string }) => order.number),
    totals: page?.map((order: { total: { amount: string } }) => Number(order.total.amount)),
    sums: of.value?.statistics.map((each: { numberOfOrders: number; amountSpent: { amount: string } }) => [
      each.numberOfOrders,
      Number(each.amountSpent.amount),
    ]),
    ordersOfTimeline: events?.flatMap(({ number }: { number?: string }) => number ?? []),
    bodies: (of.history?.interactions ?? events)?.flatMap(({ body }: { body?: string }) => body ?? []),
  };
  const first = <T>(all: T[], like: T[] | undefined) => like && all.slice(0, like.length);
  const held = {
    name: said.name && row.name,
    numbers: first(
      row.orders.map(({ number }) => number),
      said.numbers,
    ),
    totals: first(
      row.orders.map(({ total }) => total),
      said.totals,
    ),
    sums: said.sums && (row.orders.length > 0 ? [[row.orders.length, row.spent]] : []),
    ordersOfTimeline: first(
      row.orders.map(({ number }) => number),
      said.ordersOfTimeline,
    ),
    bodies: first(row.bodies, said.bodies),
  };
  const isMasked = said.bodies?.includes('***');
  return Object.entries(held)
    .filter(
      ([name, value]) =>
        !(isMasked && name === 'bodies') && JSON.stringify(value) !== JSON.stringify(said[name as keyof typeof said]),
    )
    .map(([name]) => `${read.kind}: ${name}`);
}

const stored = `SELECT c."displayName" AS name,
  coalesce((SELECT json_agg(json_build_object('number', o."number", 'total', o."total") ORDER BY o."placedAt" DESC, o."id" DESC)
    FROM "Order" o WHERE o."workspaceId" = $1 AND o."customerId" = c."id"), '[]') AS orders,
  coalesce((SELECT sum(o."total")::float8 FROM "Order" o WHERE o."workspaceId" = $1 AND o."customerId" = c."id"), 0) AS spent,
  coalesce((SELECT json_agg(i."body" ORDER BY i."occurredAt" DESC, i."id" DESC)
    FROM "Interaction" i WHERE i."workspaceId" = $1 AND i."customerId" = c."id"), '[]') AS bodies
  FROM "Customer" c JOIN "ContactPoint" p ON p."workspaceId" = $1 AND p."customerId" = c."id" AND p."kind" = 'EMAIL'
  WHERE c."workspaceId" = $1 AND p."normalizedValue" = $2`;
