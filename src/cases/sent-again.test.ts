import { describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { writeLines } from '../../test/run-import.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const customer = { email: 'ada@example.com' };
await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', {
  key: customer,
});

const openedAt = '2026-01-03T00:00:00Z';
const keyOf = (value: string) => ({ externalId: { source: 'desk', value } });

const upsert = `mutation ($input: UpsertCaseInput!) { upsertCase(input: $input) { outcome case {
  status resolvedAt promise { text dueAt status } handoffs { nodes { to } } } } }`;

async function write(value: string, rest: object = {}) {
  const input = { key: keyOf(value), customer, subject: 'Handle broke', openedAt, ...rest };
  return (await shop.data(upsert, { input })).upsertCase;
}

async function refusal(value: string, rest: object) {
  const input = { key: keyOf(value), customer, subject: 'Handle broke', openedAt, ...rest };
  return (await shop.error(upsert, { input })).extensions;
}

describe('resolvedAt', () => {
  const resolvedAt = '2026-02-01T00:00:00.000Z';

  it('resolves a new case and an open one', async () => {
    const fresh = await write('new', { resolvedAt });
    await write('open', { status: 'PENDING' });
    const open = await write('open', { resolvedAt });

    expect([fresh.case, open.case]).toMatchObject([
      { status: 'RESOLVED', resolvedAt },
      { status: 'RESOLVED', resolvedAt },
    ]);
  });

  it.each(['OPEN', 'PENDING', 'SNOOZED'])('cannot be combined with the status %s', async (status) => {
    expect(await refusal('contradiction', { status, resolvedAt })).toMatchObject({
      code: 'INVALID_INPUT',
      field: ['resolvedAt'],
    });
  });

  it('is kept when null is sent for a resolved case', async () => {
    await write('kept', { resolvedAt });

    expect(await write('kept', { resolvedAt: null })).toMatchObject({ outcome: 'NOOP', case: { resolvedAt } });
    expect(await write('kept', { status: 'OPEN', resolvedAt: null })).toMatchObject({
      outcome: 'UPDATED',
      case: { status: 'OPEN', resolvedAt: null },
    });
  });
});

it.each([
  [{ resolvedAt: '2026-02-01T00:00:00.000Z' }, '2026-02-01T00:00:00.000Z'],
  [{ resolvedAt: '2026-02-01T00:00:00.000Z', firstResponseAt: '2026-01-09T00:00:00.000Z' }, '2026-01-09T00:00:00.000Z'],
  [{ firstResponseAt: '2026-01-09T00:00:00.000Z' }, '2026-01-09T00:00:00.000Z'],
])('opens a new case with %j at its earliest time', async (rest, openedAt) => {
  const query = 'mutation ($input: UpsertCaseInput!) { upsertCase(input: $input) { case { openedAt } } }';
  const input = { key: keyOf(JSON.stringify(rest)), subject: 'Handle broke', ...rest };

  for (const _ of ['first', 'again']) expect((await shop.data(query, { input })).upsertCase.case).toEqual({ openedAt });
});

it.each(['OPEN', 'PENDING', 'SNOOZED'])('counts a reopening by the status %s once', async (status) => {
  const key = `reopened ${status}`;
  const counts: number[] = [];
  const outcomes: string[] = [];
  for (const each of ['RESOLVED', status, status, 'RESOLVED', status])
    outcomes.push((await write(key, { status: each })).outcome);
  const read = () => shop.db.case.findFirstOrThrow({ where: { externalId: key } });
  counts.push((await read()).reopenedCount);
  await write(key, { status: 'RESOLVED' });
  await shop.data('mutation ($key: CaseKey!) { reopenCase(input: { key: $key }) { outcome } }', { key: keyOf(key) });
  await shop.data('mutation ($key: CaseKey!) { updateCase(input: { key: $key, status: OPEN }) { outcome } }', {
    key: keyOf(key),
  });
  counts.push((await read()).reopenedCount);

  expect(outcomes).toEqual(['CREATED', 'UPDATED', 'NOOP', 'UPDATED', 'UPDATED']);
  expect(counts).toEqual([2, 3]);
});

it.each([
  ['openedAt', { openedAt: '2062-01-01T00:00:00Z' }],
  ['firstResponseAt', { firstResponseAt: '2062-01-01T00:00:00Z' }],
  ['resolvedAt', { resolvedAt: '2062-01-01T00:00:00Z' }],
  ['handoff', { handoff: { fromKind: 'BOT', to: 'Anna', reason: 'x', occurredAt: '2062-01-01T00:00:00Z' } }],
])('rejects a future %s', async (field, rest) => {
  const extensions = await refusal('future', rest);

  expect(extensions).toMatchObject({ code: 'INVALID_INPUT' });
  expect(extensions.field).toContain(field);
});

it('accepts plans for the future', async () => {
  const planned = '2062-01-01T00:00:00.000Z';

  const { outcome } = await write('plan', {
    status: 'SNOOZED',
    snoozedUntil: planned,
    promise: { text: 'Soon', dueAt: planned },
  });

  expect(outcome).toBe('CREATED');
});

describe('a repeated hand-off', () => {
  const handoff = { fromKind: 'BOT', to: 'Second line', reason: 'Wants a person', openQuestions: ['Which lamp?'] };

  it('is a NOOP without a time if it equals the latest one', async () => {
    await write('again', { handoff });

    expect(await write('again', { handoff })).toMatchObject({ outcome: 'NOOP', case: { handoffs: { nodes: [{}] } } });
  });

  it.each([
    { to: 'Third line' },
    { reason: 'Other' },
    { tried: 'Turned it off' },
    { openQuestions: [] },
    { fromName: 'Bo' },
  ])('is added if it differs by %j', async (rest) => {
    const key = `other-${Object.keys(rest)}`;
    await write(key, { handoff });
    const other = await write(key, { handoff: { ...handoff, ...rest } });

    expect([other.outcome, other.case.handoffs.nodes.length]).toEqual(['UPDATED', 2]);
  });

  it('is added after a different one', async () => {
    await write('back', { handoff });
    await write('back', { handoff: { ...handoff, to: 'Third line' } });

    expect((await write('back', { handoff })).case.handoffs.nodes).toHaveLength(3);
  });

  it('is a NOOP at the same time, even after later hand-offs', async () => {
    const dated = { ...handoff, occurredAt: '2026-01-04T00:00:00Z' };
    await write('dated', { handoff: dated });
    await write('dated', { handoff: { ...handoff, to: 'Third line', occurredAt: '2026-01-05T00:00:00Z' } });

    expect((await write('dated', { handoff: dated })).outcome).toBe('NOOP');
  });
});

it('returns NOOP for a repeated case in every state', async () => {
  const whole = { kind: 'PROBLEM', promise: { text: 'Soon' }, handoff: { fromKind: 'BOT', to: 'Anna', reason: 'x' } };
  const key = keyOf('whole');
  const outcomes: string[] = [];
  const again = async (rest: object = {}) => outcomes.push((await write('whole', { ...whole, ...rest })).outcome);

  await again();
  await again();
  await write('whole', { promise: { text: 'Soon', dueAt: '2026-03-01T00:00:00Z', status: 'KEPT' } });
  await again();
  await shop.data('mutation ($key: CaseKey!) { resolveCase(input: { key: $key }) { outcome } }', { key });
  await again();
  await again({ status: 'RESOLVED' });
  await shop.data('mutation ($key: CaseKey!) { reopenCase(input: { key: $key }) { outcome } }', { key });
  await again();
  await again({ status: 'OPEN' });

  expect(outcomes).toEqual(['CREATED', ...Array(6).fill('NOOP')]);
});

it('resets the due date and status for another promise', async () => {
  await write('promise', { promise: { text: 'Soon', dueAt: '2026-03-01T00:00:00Z', status: 'KEPT' } });

  expect((await write('promise', { promise: { text: 'Never' } })).case.promise).toEqual({
    text: 'Never',
    dueAt: null,
    status: 'OPEN',
  });
});

it('creates one hand-off when a file is imported twice', async () => {
  const lines = [
    { type: 'customer', key: { externalId: '1' }, displayName: 'Marie' },
    {
      type: 'case',
      key: { externalId: 'imported' },
      customer: { externalId: '1' },
      subject: 'Handle broke',
      openedAt,
      handoff: { fromKind: 'BOT', to: 'Second line', reason: 'Wants a person' },
    },
  ];
  await writeLines(shop.db, lines, 'file');
  const before = await shop.db.case.findMany({ where: { externalId: 'imported' }, include: { handoffs: true } });
  await writeLines(shop.db, lines, 'file');

  expect(before[0]?.handoffs).toHaveLength(1);
  expect(await shop.db.case.findMany({ where: { externalId: 'imported' }, include: { handoffs: true } })).toEqual(
    before,
  );
});
