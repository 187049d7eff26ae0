import { beforeAll, describe, expect, it } from 'vitest';
import { unlimited, useApi } from '../../test/api.ts';
import { randomGenerator } from '../../test/random.ts';
import type { Statement } from '../db/statements.ts';
import { tables } from '../lib/tables.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');
const key = (value: string) => ({ externalId: { source: 'shop', value } });
const emailOf = (name: string) => ({ email: `${name}@example.com` });
const names = ['ada', 'bob'] as const;
const at = '2026-01-05T00:00:00Z';

async function write(name: string, input: object): Promise<void> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  await shop.data(`mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`, { input });
}

// Each part with the table of its whole and the column that refers to it.
const parts = tables.flatMap(({ name, partOf }) =>
  partOf ? [[name, partOf, `${partOf.toLowerCase()}Id`] as const] : [],
);

/** Counts the parts of each table, and those whose customer is not that of their order, return or case. */
async function countParts(): Promise<Record<string, { all: number; astray: number }>> {
  const counted = await Promise.all(
    parts.map(async ([part, whole, column]) => {
      const text = `SELECT count(*)::integer AS "all", count(*) FILTER (WHERE p."customerId" IS DISTINCT FROM w."customerId")::integer AS astray
        FROM "${part}" p JOIN "${whole}" w ON w."workspaceId" = p."workspaceId" AND w."id" = p."${column}" WHERE p."workspaceId" = $1::uuid`;
      const statement: Statement = { text, values: [shop.db.workspaceId] };
      const [row] = await shop.db.query<{ all: number; astray: number }>(statement);
      return [part, row] as const;
    }),
  );
  return Object.fromEntries(counted.map(([part, row]) => [part, row ?? { all: 0, astray: 0 }]));
}

const whole = `{ orders { nodes { lines { nodes { title } } payments { nodes { method } } fulfillments { nodes { carrier } }
  returns { nodes { lines { nodes { title } } } } } } cases { nodes { handoffs { nodes { reason } } } } }`;

async function seenBy(name: string): Promise<string> {
  const create = 'mutation ($by: CustomerKey!) { createCustomerToken(input: { customer: $by }) { token } }';
  const { token } = (await shop.data(create, { by: emailOf(name) })).createCustomerToken;
  return JSON.stringify((await api.sendAs(token, whole)).data);
}

beforeAll(async () => {
  for (const name of names) await write('upsertCustomer', { key: emailOf(name) });
  const CHANGE_SHIPPING_ADDRESS = { statuses: ['UNFULFILLED', 'FULFILLED'] };
  await write('setOrderPolicy', { rules: { name: 'any', actions: { CHANGE_SHIPPING_ADDRESS } } });
});

describe('an order, return and case that move to another customer', () => {
  const order = (customer: object | null) => ({ key: key('o'), customer, placedAt: at, currencyCode: 'EUR' });

  beforeAll(async () => {
    await write('upsertOrder', {
      ...order(emailOf('ada')),
      lines: [{ title: 'a lamp', quantity: 2, unitPrice: '5' }],
      payments: [{ kind: 'PAYMENT', method: 'a card', amount: '5' }],
      fulfillments: [{ status: 'PENDING', carrier: 'a carrier' }],
    });
    await write('recordPayment', { order: key('o'), kind: 'PAYMENT', method: 'a voucher', amount: '5' });
    await write('recordFulfillment', { order: key('o'), status: 'IN_TRANSIT', carrier: 'another carrier' });
    await write('updateOrderShippingAddress', { order: key('o'), shippingAddress: { lines: ['a street'] } });
    await write('recordReturn', {
      key: key('r'),
      order: key('o'),
      status: 'COMPLETED',
      occurredAt: at,
      lines: [{ title: 'a lamp', quantity: 1 }],
    });
    const handoff = { fromKind: 'BOT', to: 'support', reason: 'a reason' };
    await write('upsertCase', { key: key('c'), subject: 'Where?', customer: emailOf('ada'), handoff });
  });

  it('take their parts along', async () => {
    const before = await countParts();
    await write('upsertOrder', order(emailOf('bob')));
    await write('upsertCase', { key: key('c'), customer: emailOf('bob') });
    const [ada, bob] = [await seenBy('ada'), await seenBy('bob')];

    expect(before).toEqual(await countParts());
    expect(Object.values(before).map(({ all, astray }) => [all > 0, astray])).toEqual(parts.map(() => [true, 0]));
    expect(ada).toBe('{"orders":{"nodes":[]},"cases":{"nodes":[]}}');
    for (const text of ['a lamp', 'a card', 'a voucher', 'a carrier', 'another carrier']) expect(bob).toContain(text);
    expect(JSON.parse(bob).orders.nodes[0].returns.nodes[0].lines.nodes).toEqual([{ title: 'a lamp' }]);
    // Customers see no hand-offs.
    expect(JSON.parse(bob).cases.nodes).toEqual([{ handoffs: { nodes: [] } }]);
  });

  it('are recorded in the audit log, without their parts', async () => {
    const since = new Date();
    await write('upsertOrder', order(emailOf('ada')));
    await write('upsertCase', { key: key('c'), customer: emailOf('ada') });

    const events = await shop.db.auditEvent.findMany({
      where: { occurredAt: { gte: since }, action: 'UPDATED' },
      distinct: ['entity'],
    });

    expect(events.map(({ entity }) => entity).sort()).toEqual(['Case', 'Order', 'Return']);
  });

  it('keep their parts in the past of the customer they had', async () => {
    const [before, moved, between] = [at, '2026-03-01T00:00:00Z', '2026-02-01T00:00:00Z'];
    const payments = [{ kind: 'PAYMENT', method: 'cash', amount: '5', occurredAt: before }];
    const shipped = [{ status: 'IN_TRANSIT', carrier: 'a post', shippedAt: before }];
    const handoff = { fromKind: 'BOT', to: 'support', reason: 'a past reason', occurredAt: before };
    const lines = [{ title: 'a vase', quantity: 1, unitPrice: '5' }];
    const past = { ...order(emailOf('ada')), key: key('past') };
    await write('upsertOrder', { ...past, lines, payments, fulfillments: shipped });
    const open = { key: key('past'), subject: 'When?', customer: emailOf('ada'), openedAt: before };
    await write('upsertCase', { ...open, handoff, changedAt: before });
    const giveBack = { key: key('past'), customer: emailOf('ada'), occurredAt: before, currencyCode: 'EUR' };
    await write('recordReturn', { ...giveBack, lines: [{ title: 'a bowl', quantity: 1 }], changedAt: before });
    await write('upsertOrder', { ...past, customer: emailOf('bob'), changedAt: moved });
    await write('recordReturn', { ...giveBack, customer: emailOf('bob'), changedAt: moved });
    await write('upsertCase', { ...open, customer: emailOf('bob'), changedAt: moved });

    const context = `query ($by: CustomerKey!, $asOf: DateTime) {
      customerContext(by: $by, purpose: SUPPORT, asOf: $asOf) { now { openCases { handoffs { nodes { reason } } } returnsInProgress { lines { nodes { title } } } }
        history { orders { lines { nodes { title } } payments { nodes { method } } fulfillments { nodes { carrier } } } } } }`;
    const read = async (name: string) =>
      JSON.stringify((await shop.data(context, { by: emailOf(name), asOf: between })).customerContext);

    for (const text of ['a vase', 'a bowl', 'cash', 'a post', 'a past reason']) {
      expect(await read('ada')).toContain(text);
      expect(await read('bob')).not.toContain(text);
    }
  });
});

it('stays the customer of every part, in whatever order the parts and wholes are written', async () => {
  const { below, one, times } = randomGenerator(27);
  const anyone = () => one([null, ...names.map(emailOf)]);
  const [order, giveBack, desk] = ['order', 'return', 'case'].map((kind) => () => key(`${kind}-${below(6)}`));
  const payment = () => ({ kind: 'PAYMENT', method: 'card', amount: '1', occurredAt: at });
  const writes: (() => Promise<void>)[] = [
    () =>
      write('upsertOrder', {
        key: order?.(),
        customer: anyone(),
        placedAt: at,
        currencyCode: 'EUR',
        ...(below(2) && { lines: [{ title: 'lamp', quantity: 9, unitPrice: '9' }] }),
        ...(below(2) && { payments: times(2, payment) }),
        ...(below(2) && { fulfillments: times(2, () => ({ status: 'PENDING', carrier: `c-${below(3)}` })) }),
      }),
    () => write('recordPayment', { order: order?.(), ...payment(), occurredAt: null }),
    () =>
      write('updateOrderShippingAddress', { order: order?.(), shippingAddress: { lines: [`street ${below(99)}`] } }),
    () => write('recordFulfillment', { order: order?.(), status: 'PENDING', trackingNumber: `t-${below(9)}` }),
    () =>
      write('recordReturn', {
        key: giveBack?.(),
        ...one([{ order: order?.() }, { order: null, customer: anyone() }]),
        occurredAt: at,
        currencyCode: 'EUR',
        ...(below(2) && { lines: [{ title: 'lamp', quantity: 1 }] }),
      }),
    () =>
      write('upsertCase', {
        key: desk?.(),
        customer: anyone(),
        subject: 'Hello',
        ...(below(2) && { handoff: { fromKind: 'BOT', to: 'support', reason: `reason ${below(99)}` } }),
      }),
  ];
  let done = 0;
  for (let i = 0; i < 200; i++) {
    // A return may exceed its order, and a payment may name an unknown one. Those writes are refused.
    await one(writes)().then(
      () => done++,
      () => undefined,
    );
  }

  const counted = await countParts();
  expect(Object.keys(counted).sort()).toEqual([
    'CaseHandoff',
    'Fulfillment',
    'OrderChange',
    'OrderLine',
    'Payment',
    'ReturnLine',
  ]);
  expect(Object.entries(counted).filter(([, { all, astray }]) => all < 3 || astray > 0)).toEqual([]);
  expect(done).toBeGreaterThan(100);
});
