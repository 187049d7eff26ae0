import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { writeLines } from '../../test/run-import.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const [ada, bob, cyd] = [{ email: 'ada@example.com' }, { email: 'bob@example.com' }, { email: 'cyd@example.com' }];
for (const [displayName, key] of Object.entries({ Ada: ada, Bob: bob, Cyd: cyd }))
  await shop.data(
    'mutation ($key: CustomerKey!, $displayName: String) { upsertCustomer(input: { key: $key, displayName: $displayName }) { outcome } }',
    { key, displayName },
  );

const keyOf = (value: string) => ({ externalId: { source: 'desk', value } });

const writeCase = (value: string, rest: object = {}) =>
  shop.data('mutation ($input: UpsertCaseInput!) { upsertCase(input: $input) { outcome } }', {
    input: { key: keyOf(value), subject: 'Where is my lamp?', ...rest },
  });

async function say(value: string, rest: object = {}) {
  const input = {
    key: keyOf(value),
    channel: 'EMAIL',
    direction: 'INBOUND',
    occurredAt: '2026-01-05T00:00:00Z',
    ...rest,
  };
  const { upsertInteraction } = await shop.data(
    'mutation ($input: UpsertInteractionInput!) { upsertInteraction(input: $input) { outcome } }',
    { input },
  );
  return upsertInteraction.outcome;
}

/** Reads the interactions of a case, each with its external ID and the name of its customer. */
async function saidIn(value: string) {
  const rows = await shop.db.interaction.findMany({
    where: { case: { externalId: value } },
    select: { externalId: true, customer: { select: { displayName: true } } },
    orderBy: { externalId: 'asc' },
  });
  return rows.map(({ externalId, customer }) => [externalId, customer?.displayName ?? null]);
}

it('moves its interactions without a customer to the customer it gets', async () => {
  await writeCase('late');
  await say('late-1', { case: keyOf('late') });
  await say('late-2', { case: keyOf('late'), customer: bob });
  const before = await saidIn('late');
  await writeCase('late', { customer: ada });

  expect([before, await saidIn('late')]).toEqual([
    [
      ['late-1', null],
      ['late-2', 'Bob'],
    ],
    [
      ['late-1', 'Ada'],
      ['late-2', 'Bob'],
    ],
  ]);
});

it('moves the interactions of its former customer to the new customer, or to no customer', async () => {
  await writeCase('moved', { customer: ada });
  await say('moved-1', { case: keyOf('moved') });
  await say('moved-2', { case: keyOf('moved'), customer: cyd });
  await say('unrelated', { customer: ada });

  await writeCase('moved', { customer: bob });
  const atBob = await saidIn('moved');
  await writeCase('moved', { customer: null });

  expect([atBob, await saidIn('moved')]).toEqual([
    [
      ['moved-1', 'Bob'],
      ['moved-2', 'Cyd'],
    ],
    [
      ['moved-1', null],
      ['moved-2', 'Cyd'],
    ],
  ]);
  expect(
    await shop.db.interaction.count({ where: { externalId: 'unrelated', customer: { displayName: 'Ada' } } }),
  ).toBe(1);
});

it('gives its customer to an interaction without one, and returns NOOP when that is sent again', async () => {
  await writeCase('known', { customer: ada });
  const sent = { case: keyOf('known') };

  expect([await say('known-1', sent), await say('known-1', sent)]).toEqual(['CREATED', 'NOOP']);
  expect(await say('known-1', { ...sent, customer: null })).toBe('NOOP');
  expect(await saidIn('known')).toEqual([['known-1', 'Ada']]);
});

it('gives its customer to an interaction that moves into it', async () => {
  await writeCase('nobody');
  await writeCase('somebody', { customer: ada });
  await say('moving', { case: keyOf('nobody') });

  expect(await say('moving', { case: keyOf('somebody') })).toBe('UPDATED');
  expect(await saidIn('somebody')).toEqual([['moving', 'Ada']]);
});

it('shows moved interactions in the context of the customer', async () => {
  const cleo = { email: 'cleo@example.com' };
  await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', { key: cleo });
  await writeCase('context');
  await say('context-1', { case: keyOf('context'), body: 'Where is it?' });
  await shop.data('mutation ($input: UpsertCaseInput!) { upsertCase(input: $input) { outcome } }', {
    input: { key: keyOf('context'), customer: cleo },
  });

  const { customerContext } = await shop.data(
    'query ($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT) { now { unansweredMessages { body } } } }',
    { by: cleo },
  );
  expect(customerContext.now.unansweredMessages).toEqual([{ body: 'Where is it?' }]);
});

it('moves interactions in an import, in any order of rows', async () => {
  const person = { type: 'customer', key: { externalId: 'dan' }, displayName: 'Dan' };
  const [without, owned] = [{}, { customer: { externalId: 'dan' } }].map((rest) => ({
    type: 'case',
    key: { externalId: 'filed' },
    subject: 'x',
    ...rest,
  }));
  const said = (value: string) => ({
    type: 'interaction',
    key: { externalId: value },
    case: { externalId: 'filed' },
    channel: 'EMAIL',
    direction: 'INBOUND',
    occurredAt: '2026-01-05T00:00:00Z',
  });
  await writeLines(shop.db, [person, without as object, said('a'), owned as object, said('b')], 'file');

  expect(await saidIn('filed')).toEqual([
    ['a', 'Dan'],
    ['b', 'Dan'],
  ]);
});

it('moves every interaction that is recorded while the case gets its customer', async () => {
  await writeCase('race');
  await Promise.all([
    ...Array.from({ length: 10 }, (_, i) => say(`race-${i}`, { case: keyOf('race') })),
    writeCase('race', { customer: ada }),
    ...Array.from({ length: 10 }, (_, i) => say(`raced-${i}`, { case: keyOf('race') })),
  ]);

  expect((await saidIn('race')).filter(([, name]) => name === null)).toEqual([]);
});

it('rejects an interaction dated in the future', async () => {
  const error = await shop.error(
    'mutation ($input: UpsertInteractionInput!) { upsertInteraction(input: $input) { outcome } }',
    {
      input: { customer: ada, channel: 'EMAIL', direction: 'INBOUND', occurredAt: '2062-01-05T00:00:00Z' },
    },
  );

  expect(error.extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['occurredAt'] });
});
