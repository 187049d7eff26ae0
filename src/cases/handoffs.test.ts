import { describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { decodeIdOf, encodeId, newId } from '../lib/ids.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const customer = { email: 'ada@example.com' };
await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', {
  key: customer,
});

/** Opens a case that is handed off to a team, and returns the ID of the hand-off. */
async function handOff(to: string, more: object = {}): Promise<{ caseId: string; id: string }> {
  const { openCase } = await shop.data(
    'mutation ($input: OpenCaseInput!) { openCase(input: $input) { case { id handoffs { nodes { id } } } } }',
    { input: { customer, subject: 'Lamp', handoff: { fromKind: 'BOT', to, reason: 'Wants a person', ...more } } },
  );
  return { caseId: openCase.case.id, id: openCase.case.handoffs.nodes[0].id };
}

const acknowledge = `mutation ($input: AcknowledgeCaseHandoffInput!) { acknowledgeCaseHandoff(input: $input) {
  outcome caseHandoff { acknowledgedAt acknowledgedByKind acknowledgedByName case { id } } } }`;
const ola = { byKind: 'STAFF', byName: 'Ola' };

describe('acknowledgeCaseHandoff', () => {
  it('records who acknowledged and when, once', async () => {
    const { id, caseId } = await handOff('desk');
    const input = { id, ...ola };
    const { acknowledgeCaseHandoff: first } = await shop.data(acknowledge, { input });
    const { acknowledgeCaseHandoff: second } = await shop.data(acknowledge, { input });

    expect(first.outcome).toBe('UPDATED');
    expect(first.caseHandoff).toEqual({
      acknowledgedAt: expect.any(String),
      acknowledgedByKind: 'STAFF',
      acknowledgedByName: 'Ola',
      case: { id: caseId },
    });
    expect(second).toEqual({ outcome: 'NOOP', caseHandoff: first.caseHandoff });
  });

  it('lets the same hand-off be recorded again once it was acknowledged', async () => {
    const { id, caseId } = await handOff('again');
    const update = `mutation ($input: UpdateCaseInput!) { updateCase(input: $input) { outcome } }`;
    const input = { key: { id: caseId }, handoff: { fromKind: 'BOT', to: 'again', reason: 'Wants a person' } };
    const { updateCase: before } = await shop.data(update, { input });
    await shop.data(acknowledge, { input: { id, ...ola } });
    const { updateCase: after } = await shop.data(update, { input });

    expect([before.outcome, after.outcome]).toEqual(['NOOP', 'UPDATED']);
  });

  it.each([
    ['another person', { byKind: 'STAFF', byName: 'Bob' }],
    ['a bot of the same name', { byKind: 'BOT', byName: 'Ola' }],
  ])('fails with CONFLICT for %s, and changes nothing', async (_who, other) => {
    const { id } = await handOff('desk');
    await shop.data(acknowledge, { input: { id, ...ola } });
    const stored = () => shop.db.caseHandoff.findMany({ where: { acknowledgedByName: 'Ola' }, orderBy: { id: 'asc' } });
    const before = await stored();

    const { extensions, message } = await shop.error(acknowledge, { input: { id, ...other } });

    expect(extensions).toEqual({ code: 'CONFLICT', field: ['id'], conflictingId: id });
    expect(message).not.toContain('Ola');
    expect(await stored()).toEqual(before);
  });

  it('lets only one of several actors win at the same time', async () => {
    const { id } = await handOff('desk');
    const answers = await Promise.all(
      ['Ola', 'Bob', 'Cyd'].map((byName) => shop.send(acknowledge, { input: { id, byKind: 'STAFF', byName } })),
    );

    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    expect(answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions.code))).toEqual([
      'CONFLICT',
      'CONFLICT',
    ]);
  });

  it('refuses an unknown hand-off, and a time before the hand-off', async () => {
    const { id } = await handOff('desk');
    const unknown = encodeId('CaseHandoff', newId());
    const early = { id, ...ola, acknowledgedAt: '2020-01-01T00:00:00Z' };

    expect((await shop.error(acknowledge, { input: { id: unknown, ...ola } })).extensions).toEqual({
      code: 'NOT_FOUND',
      field: ['id'],
    });
    expect((await shop.error(acknowledge, { input: early })).extensions).toEqual({
      code: 'INVALID_INPUT',
      field: ['acknowledgedAt'],
    });
  });
});

describe('openCaseHandoffs', () => {
  const open = `query ($where: CaseHandoffWhere) { openCaseHandoffs(where: $where) { totalCount nodes {
    id to case { id customer { displayName } } } } }`;

  it('lists hand-offs of unresolved cases until they are acknowledged, oldest first', async () => {
    const where = { to: { eq: 'billing' } };
    const [second, first] = [
      await handOff('billing'),
      await handOff('billing', { occurredAt: '2026-01-01T00:00:00Z' }),
    ];
    const resolved = await handOff('billing');
    await shop.data('mutation ($input: ResolveCaseInput!) { resolveCase(input: $input) { outcome } }', {
      input: { key: { id: resolved.caseId } },
    });
    const listed = async () => {
      const { openCaseHandoffs } = await shop.data(open, { where });
      return openCaseHandoffs.nodes.map(({ id }: { id: string }) => id);
    };

    expect(await listed()).toEqual([first.id, second.id]);
    await shop.data(acknowledge, { input: { id: first.id, ...ola } });
    expect(await listed()).toEqual([second.id]);
    expect((await shop.data(open, { where })).openCaseHandoffs.totalCount).toBe(1);
  });

  it('lists a hand-off again when its case is reopened, unless it was acknowledged', async () => {
    const where = { to: { eq: 'returns' } };
    const [waiting, taken] = [await handOff('returns'), await handOff('returns')];
    await shop.data(acknowledge, { input: { id: taken.id, ...ola } });
    const setStatus = (status: string) =>
      Promise.all(
        [waiting, taken].map(({ caseId }) =>
          shop.data('mutation ($input: UpdateCaseInput!) { updateCase(input: $input) { outcome } }', {
            input: { key: { id: caseId }, status },
          }),
        ),
      );
    const listed = async () => (await shop.data(open, { where })).openCaseHandoffs.nodes;

    await setStatus('RESOLVED');
    expect(await listed()).toEqual([]);
    await setStatus('OPEN');
    expect(await listed()).toMatchObject([{ id: waiting.id }]);
    const entityId = decodeIdOf('CaseHandoff', waiting.id);
    expect(await shop.db.auditEvent.findMany({ where: { entityId }, select: { action: true } })).toEqual([
      { action: 'CREATED' },
    ]);
  });
});

it('shows the context of the past without later acknowledgements', async () => {
  const { id, caseId } = await handOff('desk', { occurredAt: '2026-01-01T00:00:00Z' });
  await shop.db.case.updateMany({
    where: { handoffs: { some: { reason: 'Wants a person' } } },
    data: { openedAt: new Date('2025-12-31T00:00:00Z') },
  });
  await shop.data(acknowledge, { input: { id, ...ola, acknowledgedAt: '2026-01-03T00:00:00Z' } });
  const at = async (asOf: string) => {
    const { customerContext } = await shop.data(
      `query ($by: CustomerKey!, $asOf: DateTime) { customerContext(by: $by, purpose: SUPPORT, asOf: $asOf) {
        now { openCases(first: 100) { id handoffs { nodes { acknowledgedByName } } } } } }`,
      { by: customer, asOf },
    );
    const cases = customerContext.now.openCases.filter((each: { id: string }) => each.id === caseId);
    return cases[0].handoffs.nodes;
  };

  expect(await at('2026-01-02T00:00:00Z')).toEqual([{ acknowledgedByName: null }]);
  expect(await at('2026-01-04T00:00:00Z')).toEqual([{ acknowledgedByName: 'Ola' }]);
});
