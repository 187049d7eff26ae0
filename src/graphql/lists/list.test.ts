import { beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';

const api = await useApi();
const shop = await api.tenant('shop');

beforeAll(async () => {
  await shop.data('mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', {
    input: { key: { email: 'anna@example.com' } },
  });
  const write = (input: object) =>
    shop.data('mutation ($input: UpsertInteractionInput!) { upsertInteraction(input: $input) { outcome } }', { input });
  for (const hour of [10, 11, 12])
    await write({
      customer: { email: 'anna@example.com' },
      channel: 'EMAIL',
      direction: 'INBOUND',
      occurredAt: `2026-07-24T${hour}:00:00Z`,
    });
});

describe('totalCount', () => {
  const totals = `query ($limit: Int! = 10000) { interactions(first: 1) { totalCount(limit: $limit) }
    customer(by: { email: "anna@example.com" }) { interactions(first: 1) { totalCount(limit: $limit) }
      timeline(first: 1) { totalCount(limit: $limit) } } }`;
  const every = (totalCount: number) => ({
    interactions: { totalCount },
    customer: { interactions: { totalCount }, timeline: { totalCount } },
  });

  it.each([
    [undefined, 3],
    [4, 3],
    [2, 2],
  ])('counts three rows with limit %s as %i', async (limit, total) => {
    expect(await shop.data(totals, { limit })).toEqual(every(total));
  });

  it.each([0, -1, 10_000_001])('rejects limit %i', async (limit) => {
    expect((await shop.error(totals, { limit })).extensions).toMatchObject({ code: 'INVALID_INPUT', field: ['limit'] });
  });

  it('costs one point per 10,000 rows that it may count', async () => {
    const costOf = async (limit: number) => {
      const answer = await shop.send('query ($limit: Int!) { customers(first: 1) { totalCount(limit: $limit) } }', {
        limit,
      });
      return (answer as { extensions?: { cost: { requested: number } } }).extensions?.cost.requested ?? 0;
    };

    expect((await costOf(10_000_000)) - (await costOf(10_000))).toBe(999);
  });
});

describe('the default direction', () => {
  it('sorts names and titles from A to Z, and times from latest to earliest', async () => {
    const desk = await api.tenant('desk');
    for (const name of ['b', 'a', 'c'])
      await desk.data(
        `mutation ($key: ExternalIdInput!, $name: String!) {
          upsertCustomer(input: { key: { externalId: $key }, displayName: $name }) { outcome }
          upsertProduct(input: { key: { externalId: $key }, title: $name }) { outcome } }`,
        { key: { source: 'test', value: name }, name },
      );
    const ordered = `{ byName: customers(orderBy: { field: DISPLAY_NAME }) { nodes { name: displayName } }
      byNull: customers(orderBy: { field: DISPLAY_NAME, direction: null }) { nodes { name: displayName } }
      fromZ: customers(orderBy: { field: DISPLAY_NAME, direction: DESC }) { nodes { name: displayName } }
      newest: customers(orderBy: { field: CREATED_AT }) { nodes { name: displayName } }
      customers { nodes { name: displayName } }
      byTitle: products(orderBy: { field: TITLE }) { nodes { name: title } }
      newestProducts: products(orderBy: { field: CREATED_AT }) { nodes { name: title } }
      products { nodes { name: title } } }`;
    const lists = Object.entries<{ nodes: { name: string }[] }>(await desk.data(ordered));

    expect(
      Object.fromEntries(lists.map(([list, { nodes }]) => [list, nodes.map(({ name }) => name).join('')])),
    ).toEqual({
      byName: 'abc',
      byNull: 'abc',
      fromZ: 'cba',
      newest: 'cab',
      customers: 'cab',
      byTitle: 'abc',
      newestProducts: 'cab',
      products: 'abc',
    });
  });
});
