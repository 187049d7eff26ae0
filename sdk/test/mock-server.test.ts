import { createClient, type Document, RapportError } from '@rapport/sdk';
import { createApi } from '@rapport/sdk/api';
import * as byHash from '@rapport/sdk/ops-hash';
import { byId } from '@rapport/sdk/persisted';
import { createMockServer } from '@rapport/sdk/testing';
import { expect, it } from 'vitest';

const workspace = { id: 'w', slug: 'shop', name: 'Shop', defaultCountry: null, createdAt: '2026-01-01T00:00:00Z' };
const options = { url: 'http://mock.test/graphql', token: 'any' };

it('returns the given results and records the calls', async () => {
  const { fetch, calls } = createMockServer({
    Workspace: () => ({ workspace }),
    TagCustomer: async ({ input }) => ({
      tagCustomer: { outcome: input.tag === 'new' ? 'UPDATED' : 'NOOP', customer: { id: '1', tags: [] } },
    }),
  });
  const crm = createApi({ ...options, fetch });

  const { slug } = await crm.workspace.get();
  const outcomes = [
    await crm.customers.tag({ customer: { id: '1' }, tag: 'new' }),
    await crm.customers.tag({ customer: { id: '1' }, tag: 'old' }),
  ];

  expect(slug).toBe('shop');
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['UPDATED', 'NOOP']);
  expect(calls.map(({ operation }) => operation)).toEqual(['Workspace', 'TagCustomer', 'TagCustomer']);
  expect(calls[1]?.variables).toEqual({ input: { customer: { id: '1' }, tag: 'new' } });
});

it('fails like the API', async () => {
  const { fetch } = createMockServer({
    Workspace: () => {
      throw new RapportError('NOT_FOUND', 'No workspace has this key.', { field: ['by'] });
    },
  });
  const crm = createApi({ ...options, fetch });

  expect(await crm.workspace.get.safe()).toMatchObject({
    ok: false,
    error: { code: 'NOT_FOUND', field: ['by'], status: 200, operation: 'Workspace' },
  });
});

it('names the operation that has no result', async () => {
  const crm = createApi({ ...options, fetch: createMockServer({}).fetch });

  await expect(crm.workspace.get()).rejects.toMatchObject({
    code: 'INTERNAL',
    message: 'The mock server has no result for Workspace.',
  });
});

it('reports at once why a result function failed', async () => {
  const { fetch, calls } = createMockServer({ Workspace: () => expect.unreachable('Not this one.') });
  const crm = createApi({ ...options, fetch });

  await expect(crm.workspace.get()).rejects.toMatchObject({
    code: 'INTERNAL',
    message: expect.stringMatching(/^The mock result of Workspace threw: .*Not this one\./),
  });
  expect(calls).toHaveLength(1);
});

it('also answers custom operations', async () => {
  const { fetch } = createMockServer({}, { Mine: ({ n }: { n: number }) => ({ twice: 2 * n }) });
  const mine = 'query Mine($n: Int!) { twice(n: $n) }' as Document<{ twice: number }, { n: number }>;

  expect(await createClient({ ...options, fetch }).request(mine, { n: 21 })).toEqual({ twice: 42 });
});

it('answers several mutations like the API when some of them fail', async () => {
  const { fetch } = createMockServer(
    {},
    {
      Both: () => ({
        first: { outcome: 'UPDATED' },
        second: new RapportError('CONFLICT', 'Taken.', { field: ['key'], conflictingId: 'customer_1' }),
      }),
    },
  );
  const both = 'mutation Both { first: tagCustomer { outcome } second: tagCustomer { outcome } }';

  await expect(
    createClient({ ...options, fetch }).request(both as Document<unknown, Record<string, never>>),
  ).rejects.toMatchObject({
    code: 'CONFLICT',
    data: { first: { outcome: 'UPDATED' }, second: null },
    errors: [{ path: ['second'], code: 'CONFLICT', field: ['key'], conflictingId: 'customer_1' }],
  });
});

it('also recognizes operations by ID', async () => {
  const { fetch, calls } = createMockServer({ Workspace: () => ({ workspace }) });

  await createClient({ ...options, fetch }).request(byHash.Workspace);
  await createApi({ ...options, fetch, documents: byId() }).workspace.get();

  expect(calls.map(({ operation }) => operation)).toEqual(['Workspace', 'Workspace']);
});

it('handles platform requests', async () => {
  const { handle } = createMockServer({ Workspace: () => ({ workspace }) });
  const body = JSON.stringify({ query: 'query Workspace { workspace { slug } }' });

  const answer = await handle(new Request(options.url, { method: 'POST', body }));

  expect(answer).toBeInstanceOf(Response);
  expect((await answer.json()).data.workspace).toEqual(workspace);
});
