import { expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';

const api = await useApi();
const shop = await api.tenant('shop');

const fields = 'outcome customer { contactPoints { nodes { id value isPrimary } } }';
const email = (value: string, isPrimary?: boolean | null) => ({
  kind: 'EMAIL',
  value: `${value}@example.com`,
  isPrimary,
});

async function write(name: string, contactPoints: object[]) {
  const input = { key: { email: `${name}@example.com` }, contactPoints };
  return answer(
    await shop.data(`mutation ($input: UpsertCustomerInput!) { it: upsertCustomer(input: $input) { ${fields} } }`, {
      input,
    }),
  );
}

async function add(name: string, point: object) {
  const input = { customer: { email: `${name}@example.com` }, ...point };
  return answer(
    await shop.data(`mutation ($input: AddContactPointInput!) { it: addContactPoint(input: $input) { ${fields} } }`, {
      input,
    }),
  );
}

type Node = { value: string; isPrimary: boolean };

function answer({
  it: { outcome, customer },
}: {
  it: { outcome: string; customer: { contactPoints: { nodes: Node[] } } };
}) {
  const primaries = customer.contactPoints.nodes.filter(({ isPrimary }) => isPrimary);
  return { outcome, primaries: primaries.map(({ value }) => value.replace('@example.com', '')) };
}

it('makes a new contact point primary on request, and only once', async () => {
  await write('old', []);

  expect(await write('old', [email('new', true)])).toEqual({ outcome: 'UPDATED', primaries: ['new'] });
  expect(await write('old', [email('new', true)])).toEqual({ outcome: 'NOOP', primaries: ['new'] });
});

it('makes an existing contact point primary on request', async () => {
  await write('known', [email('known2')]);

  expect(await write('known', [email('KNOWN2', true)])).toEqual({ outcome: 'UPDATED', primaries: ['known2'] });
  expect(await write('known', [email('known', true)])).toEqual({ outcome: 'UPDATED', primaries: ['known'] });
  expect(await add('known', email('known2', true))).toEqual({ outcome: 'UPDATED', primaries: ['known2'] });
  expect(await add('known', email('known2', true))).toEqual({ outcome: 'NOOP', primaries: ['known2'] });
  expect(await add('known', email('known3', true))).toEqual({ outcome: 'UPDATED', primaries: ['known3'] });
});

it('makes one of a new customer’s contact points primary instead of the key', async () => {
  expect(await write('fresh', [email('fresh2', true)])).toEqual({ outcome: 'CREATED', primaries: ['fresh2'] });
});

it('takes the first of several primary ones, in any spelling', async () => {
  const points = [email('b'), email('c', true), email('d', true), email('\u200bC', false)];

  expect(await write('several', points)).toEqual({ outcome: 'CREATED', primaries: ['c'] });
  expect(await write('several', points)).toEqual({ outcome: 'NOOP', primaries: ['c'] });
});

it('keeps the primary one if `isPrimary` is omitted or null', async () => {
  expect(await write('kept', [email('kept2'), email('kept3', null)])).toEqual({
    outcome: 'CREATED',
    primaries: ['kept'],
  });
});

it('leaves no primary one on request, until another one is added', async () => {
  expect(await write('none', [email('none', false)])).toEqual({ outcome: 'CREATED', primaries: [] });
  expect(await write('none', [email('none2')])).toEqual({ outcome: 'UPDATED', primaries: ['none2'] });
  expect(await write('none', [email('none2', false)])).toEqual({ outcome: 'UPDATED', primaries: [] });
  expect(await write('none', [email('none2', false)])).toEqual({ outcome: 'NOOP', primaries: [] });
});

it('does not change other kinds', async () => {
  await write('kinds', [{ kind: 'PHONE', value: '512 345 678' }]);

  expect((await write('kinds', [email('kinds2', true)])).primaries).toEqual(['512 345 678', 'kinds2']);
});
