import { readFileSync } from 'node:fs';
import { createClient, type Fetch, RapportError } from '@rapport/sdk';
import { createApi } from '@rapport/sdk/api';
import { Orders } from '@rapport/sdk/ops';
import { Pages, paginate } from '@rapport/sdk/paginate';
import { beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { transact } from '../src/db/write/transact.ts';
import { orderWriter } from '../src/orders/orders.ts';
import { useApi } from './api.ts';

const server = await useApi();
const shop = await server.tenant('shop');
let requests = 0;
const fetch: Fetch = (url, init) => {
  requests += 1;
  return server.fetch(new Request(url, init));
};
const options = { url: 'http://rapport.test/graphql', token: shop.secret, fetch };
const crm = createApi(options);
const email = 'ada@example.com';

beforeAll(async () => {
  await crm.customers.upsert({ key: { email }, givenName: 'Ada' });
  for (let day = 1; day <= 25; day++)
    await crm.orders.upsert({
      key: { externalId: { source: 'shop', value: `${day}` } },
      customer: { email },
      placedAt: `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`,
      currencyCode: 'PLN',
      lines: [{ title: 'Lamp', quantity: 1, unitPrice: '10' }],
    });
});

describe('createApi', () => {
  it('returns the written or requested object directly', async () => {
    const { outcome, customer } = await crm.customers.upsert({ key: { email }, familyName: 'Lovelace' });
    const found = await crm.customers.get({ email });
    const context = await crm.customers.context({ by: { email }, purpose: 'SUPPORT' });

    expect(outcome).toBe('UPDATED');
    expect(found).toMatchObject({ id: customer.id, givenName: 'Ada', familyName: 'Lovelace' });
    expect(context?.customerId).toBe(customer.id);
    expect(await crm.customers.get({ email: 'nobody@example.com' })).toBeNull();
    expectTypeOf(outcome).toExtend<string>();
  });

  it('throws an error, or returns it from `.safe`', async () => {
    const wrong = { email: 'not an address' };

    const result = await crm.customers.get.safe(wrong);

    await expect(crm.customers.get(wrong)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(result).toMatchObject({ ok: false, error: { code: 'INVALID_INPUT', field: ['by', 'email'] } });
    expect(result.ok ? null : result.error).toBeInstanceOf(RapportError);
    expect(await crm.workspace.get.safe()).toMatchObject({ ok: true, data: { slug: 'shop' } });
  });

  it.each(['', ' ', 'x'.repeat(256)])('fails with INVALID_INPUT after one attempt for the key %j', async (key) => {
    requests = 0;

    const result = await crm.customers.tag.safe({ customer: { email }, tag: 'x' }, { idempotencyKey: key });

    expect(result).toMatchObject({
      ok: false,
      error: { code: 'INVALID_INPUT', field: ['idempotencyKey'], attempts: 1 },
    });
    expect(requests).toBeLessThan(2);
  });

  it('lists customers with details that distinguish two of the same name', async () => {
    for (const [city, phone] of [
      ['Kraków', '+48600100200'],
      ['Gdynia', '+48600100300'],
    ] as const)
      await crm.customers.upsert({
        key: { externalId: { source: 'crm', value: city } },
        displayName: 'Anna Nowak',
        contactPoints: [{ kind: 'PHONE', value: phone }],
        addresses: [{ kind: 'SHIPPING', city, countryCode: 'PL', lines: ['Długa 1'] }],
      });

    const found = await crm.customers.list({ where: { search: 'Anna Nowak' }, first: 100 }).collect(100);

    const told = found.map(({ contactPoints, addresses, externalIds }) => [
      contactPoints.nodes[0]?.value,
      addresses.nodes[0]?.city,
      externalIds.nodes[0]?.value,
    ]);
    expect(told.sort()).toEqual([
      ['+48600100200', 'Kraków', 'Kraków'],
      ['+48600100300', 'Gdynia', 'Gdynia'],
    ]);
  });

  it('has a method for every operation', () => {
    const methods = Object.values(crm).flatMap((noun) => Object.values(noun));
    const documents = readFileSync('sdk/src/generated/operations.ts', 'utf8').match(/^export const/gm) ?? [];

    expect(methods).toHaveLength(documents.length);
    expect(methods.every((method) => typeof method === 'function')).toBe(true);
  });
});

describe('a list', () => {
  it('reads only the pages that are consumed', async () => {
    requests = 0;
    const numbers: string[] = [];
    for await (const { number } of crm.orders.list({ first: 10 })) {
      numbers.push(number);
      if (numbers.length === 11) break;
    }

    expect(numbers).toEqual(Array.from({ length: 11 }, (_, i) => `${25 - i}`));
    expect(requests).toBe(2);
  });

  it('returns all items, also for one customer', async () => {
    requests = 0;
    const all = await crm.orders.ofCustomer({ by: { email }, first: 10 }).collect(1_000);

    expect(all.map(({ number, lines }) => [number, lines.nodes[0]?.title])).toEqual(
      Array.from({ length: 25 }, (_, i) => [`${25 - i}`, 'Lamp']),
    );
    expect(requests).toBe(3);
  });

  it('reads ten orders with their lines in one request', async () => {
    requests = 0;

    expect(await crm.orders.ofCustomer({ by: { email } }).collect(10)).toHaveLength(10);
    expect(requests).toBe(1);
  });

  it('returns whole pages, and continues after any of them', async () => {
    const pages = [];
    for await (const page of crm.orders.list({ first: 10 }).pages()) pages.push(page);
    const after = pages[1]?.pageInfo.endCursor ?? null;
    const rest = await crm.orders.list({ first: 10, after }).collect(100);

    expect(pages.map(({ nodes }) => nodes.length)).toEqual([10, 10, 5]);
    expect(rest).toEqual(pages[2]?.nodes);
  });

  it('fails if its parent does not exist, and is empty with a limit of 0', async () => {
    const by = { email: 'nobody@example.com' };

    await expect(crm.orders.ofCustomer({ by }).collect(5)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(crm.orders.list().collect(undefined as never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await crm.orders.list({ first: 0 }).collect(5)).toEqual([]);
    expect(await crm.orders.list().collect(0)).toEqual([]);
  });

  it('requests only the consumed pages of ten thousand items', async () => {
    const many = await server.tenant('many');
    const orders = Array.from({ length: 10_000 }, (_, i) => ({
      key: { externalId: { source: 'shop', value: `${i}` } },
      placedAt: new Date(Date.UTC(2026, 0, 1) + i * 1_000).toISOString(),
      currencyCode: 'PLN',
      total: '10',
    }));
    await transact(many.db, (tx) => orderWriter.write(tx, orders.map(orderWriter.parse)), 60_000);
    const { list } = createApi({ ...options, token: many.secret }).orders;
    const read = async (first: number, wanted: number) => {
      requests = 0;
      const numbers: string[] = [];
      for await (const { number } of list({ first })) if (numbers.push(number) === wanted) break;
      return { requests, isInOrder: numbers.every((number, i) => number === `${9_999 - i}`), read: numbers.length };
    };

    expect(await read(100, 1)).toEqual({ requests: 1, isInOrder: true, read: 1 });
    expect(await read(100, 100)).toEqual({ requests: 1, isInOrder: true, read: 100 });
    expect(await read(100, 4_321)).toEqual({ requests: 44, isInOrder: true, read: 4_321 });
    expect(await read(100, 20_000)).toEqual({ requests: 100, isInOrder: true, read: 10_000 });
  }, 120_000);

  it('fails when it is read, with the reason', async () => {
    await expect(crm.orders.list({ first: 1_000 }).collect(1)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('does not loop forever', async () => {
    const pageInfo = { hasNextPage: true, endCursor: 'same' };
    const endless = new Pages(async () => ({ nodes: [1], pageInfo }));

    await expect(endless.collect(10)).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
  });

  it('works with any document', async () => {
    const orders = paginate(createClient(options), Orders, { first: 5 }, (data) => data.orders);

    expect((await orders.collect(7)).map(({ number }) => number)).toEqual(['25', '24', '23', '22', '21', '20', '19']);
  });
});
