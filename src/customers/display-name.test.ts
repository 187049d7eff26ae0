import { describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { runScheduledJobs } from '../jobs/scheduled-jobs.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const upsert = `mutation ($input: UpsertCustomerInput!) {
  upsertCustomer(input: $input) { outcome customer { id displayName } } }`;

async function name(key: object, input: object = {}): Promise<string> {
  return (await shop.data(upsert, { input: { key, ...input } })).upsertCustomer.customer.displayName;
}

async function found(search: string): Promise<string[]> {
  const { customers } = await shop.data(
    'query ($search: String!) { customers(where: { search: $search }) { nodes { displayName } } }',
    { search },
  );
  return customers.nodes.map(({ displayName }: { displayName: string }) => displayName);
}

describe('a derived display name', () => {
  it('follows the given and family name as they are added, changed and removed', async () => {
    const key = { email: 'anna@example.com' };

    expect([
      await name(key),
      await name(key, { familyName: 'Zielińska' }),
      await name(key, { givenName: 'Anna' }),
      await name(key, { familyName: 'Nowak' }),
      await name(key, { givenName: null, familyName: null }),
      await name(key, { givenName: 'Anna' }),
    ]).toEqual(['a***a@example.com', 'Zielińska', 'Anna Zielińska', 'Anna Nowak', 'a***a@example.com', 'Anna']);
    expect([await found('anna'), await found('zielinska')]).toEqual([['Anna'], []]);
  });

  it('is the first identifier of the customer, even if a later request uses another key', async () => {
    const externalId = { source: 'crm', value: 'C-1001' };
    await name({ externalId }, { contactPoints: [{ kind: 'EMAIL', value: 'later@example.com' }] });

    expect(await name({ email: 'later@example.com' })).toBe('C-1001');
  });

  it('is no longer searchable once a name replaces it', async () => {
    const key = { externalId: { source: 'crm', value: 'X-77' } };
    await name(key);
    await name(key, { givenName: 'Xenia', familyName: 'Ksenofontowa' });

    expect([await found('x-77'), await found('xenia')]).toEqual([[], ['Xenia Ksenofontowa']]);
  });
});

describe('a chosen display name', () => {
  it('stays until it is set to null', async () => {
    const key = { email: 'chosen@example.com' };

    expect([
      await name(key, { givenName: 'Katarzyna', displayName: 'Kasia' }),
      await name(key, { familyName: 'Lis' }),
      await name(key, { displayName: null }),
      await name(key, { familyName: 'Wilk' }),
    ]).toEqual(['Kasia', 'Kasia', 'Katarzyna Lis', 'Katarzyna Wilk']);
  });

  it('stays even if it equals the given and family name', async () => {
    const key = { email: 'same@example.com' };
    await name(key, { givenName: 'Jan', familyName: 'Kot', displayName: 'Jan Kot' });

    expect(await name(key, { familyName: 'Pies' })).toBe('Jan Kot');
  });

  it('changes nothing when it is resent', async () => {
    const input = { key: { email: 'again@example.com' }, displayName: 'Again', givenName: 'A' };
    await shop.data(upsert, { input });

    expect((await shop.data(upsert, { input })).upsertCustomer.outcome).toBe('NOOP');
  });

  it('is removed by an erasure', async () => {
    const key = { email: 'erased@example.com' };
    const { upsertCustomer } = await shop.data(upsert, { input: { key, displayName: 'Chosen before' } });
    await shop.data(
      'mutation ($customer: CustomerKey!) { requestErasure(input: { customer: $customer, afterDays: 0 }) { outcome } }',
      {
        customer: key,
      },
    );
    await runScheduledJobs(shop.db);

    expect(await name({ id: upsertCustomer.customer.id }, { revive: true })).toBe(upsertCustomer.customer.id);
    expect(await name({ id: upsertCustomer.customer.id }, { givenName: 'New' })).toBe('New');
  });
});
