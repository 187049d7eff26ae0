import { beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import { decodeIdOf } from '../src/lib/ids.ts';
import { groupOf, scoresOf } from '../src/orders/statistics/rfm.ts';
import { type Tenant, unlimited, useApi } from './api.ts';
import { rowsReadBy, statementsOf } from './rows-read.ts';

const api = await useApi({ limits: unlimited });
const [small, large] = [await api.tenant('small'), await api.tenant('large')];
// On PostgreSQL, large enough to reveal a plan that reads a table in proportion to its size.
const customers = api.isEmbedded ? 2_000 : 100_000;
const now = new Date();
const dayMs = 86_400_000;

beforeAll(async () => {
  await seed(small, 600);
  await seed(large, customers);
}, 240_000);

const windowed = 'since: "2020-01-01T00:00:00Z"';
const lists: [name: string, args: string][] = [
  ['birthdays', 'from: "2026-02-15", days: 31'],
  ['atRiskCustomers', 'currencyCode: "PLN"'],
  ['unansweredInteractions', windowed],
  ['followUps', 'where: { isOpen: true, dueAt: { lt: "2062-01-01T00:00:00Z" } }'],
  ['followUps', 'where: { isOpen: true }'],
  ['openCaseHandoffs', ''],
];

/** Reads a whole list page by page, forward or backward, with the IDs of its rows. */
async function idsOf(name: string, args: string, isBackward = false, size = 7): Promise<string[]> {
  const [count, place, edge, more] = isBackward
    ? ['last', 'before', 'startCursor', 'hasPreviousPage']
    : ['first', 'after', 'endCursor', 'hasNextPage'];
  const query = `query ($at: String) { ${name}(${args}, ${count}: ${size}, ${place}: $at) { nodes { id } pageInfo { ${edge} ${more} } } }`;
  const ids: string[] = [];
  for (let at: string | null = null; ; ) {
    const { [name]: page } = await small.data(query, { at });
    const read = page.nodes.map(({ id }: { id: string }) => id);
    if (isBackward) ids.unshift(...read);
    else ids.push(...read);
    if (!page.pageInfo[more]) return ids;
    at = page.pageInfo[edge];
  }
}

const uuids = (ids: string[], type: 'Customer' | 'Interaction') => ids.map((id) => decodeIdOf(type, id));

describe.each(lists)('%s(%s)', (name, args) => {
  it('has the same rows forward, backward and on one page, and counts them', async () => {
    const forward = await idsOf(name, args);
    const { [name]: all } = await small.data(`{ ${name}(${args}, first: 0) { totalCount } }`);

    expect(forward.length).toBeGreaterThan(10);
    expect(new Set(forward).size).toBe(forward.length);
    expect(await idsOf(name, args, true)).toEqual(forward);
    expect((await idsOf(name, args, false, 100)).length).toBe(forward.length);
    expect(all.totalCount).toBe(forward.length);
  });

  it('is one statement, which reads few rows', async () => {
    const query = `{ ${name}(${args}, first: 50) { nodes { id } pageInfo { endCursor } } }`;
    const { answer, sent } = await statementsOf(api, () => large.data(query));
    const { [name]: page } = answer;

    expect(sent).toHaveLength(1);
    expect(page.nodes).toHaveLength(customers < 5_000 && name === 'birthdays' ? page.nodes.length : 50);
    if (!api.isEmbedded) expect(await rowsReadBy(sent, api.database, large.db.workspaceId)).toBeLessThan(3_000);
  });
});

it('lists birthdays by day, with those of 29 February on the 28th', async () => {
  const rows = await small.db.customer.findMany({ select: { id: true, birthMonth: true, birthDay: true } });
  const on = (month: number, ...days: number[]) =>
    rows
      .filter(({ birthMonth, birthDay }) => birthMonth === month && days.includes(birthDay ?? 0))
      .map(({ id }) => id)
      .sort();

  const ids = uuids(await idsOf('birthdays', 'from: "2026-02-27", days: 3'), 'Customer');
  const leap = uuids(await idsOf('birthdays', 'from: "2028-02-28", days: 1'), 'Customer');
  const turn = uuids(await idsOf('birthdays', 'from: "2026-12-28", days: 5'), 'Customer');

  expect(ids).toEqual([...on(2, 27), ...on(2, 28, 29), ...on(3, 1)]);
  expect(leap).toEqual(on(2, 28));
  expect(turn).toEqual([...on(12, 28), ...on(12, 29), ...on(1, 1)]);
});

it.each([
  ['birthdays(from: "27.02.2026")', 'INVALID_INPUT', ['from']],
  ['birthdays(days: 32)', 'INVALID_INPUT', ['days']],
  ['atRiskCustomers(currencyCode: "PLN", first: 101)', 'INVALID_INPUT', ['first']],
  [`unansweredInteractions(${windowed}, after: "x")`, 'INVALID_INPUT', ['after']],
])('refuses %s', async (field, code, path) => {
  expect((await small.error(`{ ${field} { totalCount } }`)).extensions).toEqual({ code, field: path });
});

it('hides birthdays from keys that cannot see them', async () => {
  const scopes = allScopes.filter((scope) => scope !== 'pii:birthday');
  const { secret } = await createApiKey(small.db, { name: 'masked', scopes });
  const { errors } = await api.sendAs(secret, '{ birthdays { nodes { id } } }');

  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

it('lists the customers of the groups at risk, latest order first', async () => {
  const rows = await small.db.customerStatistics.findMany({ where: { currencyCode: 'PLN' } });
  const { computedAt, ...bounds } = await small.db.rfmBounds.findFirstOrThrow();
  const of = { ...bounds, computedAt: computedAt.toISOString(), monetary: bounds.monetary.map(Number) };
  const expected = rows
    .filter(({ lastOrderAt, numberOfOrders, amountOrdered }) => {
      const bought = {
        lastOrderAt: lastOrderAt?.toISOString() ?? '',
        numberOfOrders,
        amountOrdered: Number(amountOrdered),
      };
      return ['AT_RISK', 'PREVIOUSLY_LOYAL'].includes(groupOf(scoresOf(bought, of)));
    })
    .sort(
      (a, b) =>
        (b.lastOrderAt?.getTime() ?? 0) - (a.lastOrderAt?.getTime() ?? 0) || (a.customerId < b.customerId ? 1 : -1),
    )
    .map(({ customerId }) => customerId);

  expect(expected.length).toBeGreaterThan(10);
  expect(uuids(await idsOf('atRiskCustomers', 'currencyCode: "PLN"'), 'Customer')).toEqual(expected);
});

it('lists the latest message of each customer who waits, longest waiting first', async () => {
  const rows = await small.db.interaction.findMany({ orderBy: [{ occurredAt: 'asc' }, { id: 'asc' }] });
  const latest = new Map(rows.map((row) => [row.customerId, row]));
  const expected = [...latest.values()].filter(({ direction }) => direction === 'INBOUND');
  const order = (a: (typeof rows)[number], b: typeof a) =>
    a.occurredAt.getTime() - b.occurredAt.getTime() || (a.id < b.id ? -1 : 1);

  expect(uuids(await idsOf('unansweredInteractions', windowed), 'Interaction')).toEqual(
    expected.sort(order).map(({ id }) => id),
  );
});

/**
 * Inserts customers with birthdays, purchases, an inbound message, an answer for nine in ten, a follow-up, and a case with
 * a hand-off, which is resolved for the older nine in ten.
 */
async function seed({ db }: Tenant, count: number): Promise<void> {
  await api.database.asOwner(async (pool) => {
    await pool.query("SELECT set_config('app.workspace_id', $1, false)", [db.workspaceId]);
    const uuid = (n: string, kind: number) => `('00000000-0000-7000-8${kind}00-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
    const at = (n: string) => `timestamptz '${now.toISOString()}' - ${n} * interval '1 minute'`;
    const ws = `'${db.workspaceId}'::uuid`;
    const insert = (table: string, columns: string, values: string, where = 'true') =>
      pool.query(
        `INSERT INTO "${table}" ("workspaceId", ${columns}) SELECT ${ws}, ${values} FROM generate_series(1, ${count}) AS n WHERE ${where}`,
      );
    await insert(
      'Customer',
      '"id", "displayName", "searchText", "birthMonth", "birthDay", "createdAt", "updatedAt"',
      `${uuid('n', 0)}, 'Customer ' || n, 'customer ' || n, 1 + n % 12, 1 + n % 29, ${at('n')}, ${at('n')}`,
    );
    await insert(
      'CustomerStatistics',
      '"customerId", "currencyCode", "numberOfOrders", "amountOrdered", "amountSpent", "amountReturned", "lastOrderAt"',
      `${uuid('n', 0)}, 'PLN', 1 + n % 9, 10 * (n % 17), 0, 0, ${at('1440 * (n % 400)')}`,
    );
    const message =
      '"id", "customerId", "channel", "direction", "kind", "occurredAt", "actorKind", "createdAt", "updatedAt"';
    await insert(
      'Interaction',
      message,
      `${uuid('n', 1)}, ${uuid('n', 0)}, 'EMAIL', 'INBOUND', 'MESSAGE', ${at('(2 + n)')}, 'CUSTOMER', ${at('n')}, ${at('n')}`,
    );
    await insert(
      'Interaction',
      message,
      `${uuid('n', 2)}, ${uuid('n', 0)}, 'EMAIL', 'OUTBOUND', 'MESSAGE', ${at('(1 + n)')}, 'STAFF', ${at('n')}, ${at('n')}`,
      'n % 10 > 0',
    );
    await insert(
      'FollowUp',
      '"id", "customerId", "kind", "text", "dueAt", "purpose", "madeAt", "madeByKind", "status", "createdAt", "updatedAt"',
      `${uuid('n', 3)}, ${uuid('n', 0)}, 'PROMISE', 'Soon', ${at('n')}, 'SUPPORT', ${at('(n + 1)')}, 'STAFF',
        (CASE WHEN n % 10 > 0 THEN 'KEPT' ELSE 'OPEN' END)::"FollowUpStatus", ${at('n')}, ${at('n')}`,
    );
    await insert(
      'Case',
      '"id", "customerId", "number", "kind", "status", "priority", "subject", "openedAt", "createdAt", "updatedAt"',
      `${uuid('n', 4)}, ${uuid('n', 0)}, n, 'QUESTION', (CASE WHEN n > ${count / 10} THEN 'RESOLVED' ELSE 'OPEN' END)::"CaseStatus", 'MEDIUM',
        'Lamp', ${at('n')}, ${at('n')}, ${at('n')}`,
    );
    await insert(
      'CaseHandoff',
      '"id", "caseId", "customerId", "occurredAt", "fromKind", "to", "reason", "openQuestions"',
      `${uuid('n', 5)}, ${uuid('n', 4)}, ${uuid('n', 0)}, ${at('n')}, 'BOT', 'desk', 'Wants a person', '{}'`,
    );
    await pool.query('ANALYZE');
  });
  await db.rfmBounds.create({
    data: {
      workspaceId: db.workspaceId,
      currencyCode: 'PLN',
      computedAt: new Date(now.getTime() - dayMs),
      customers: count,
      recencyDays: [30, 90, 180, 300],
      frequency: [2, 4, 6, 8],
      monetary: [30, 60, 90, 120],
    },
  });
}
