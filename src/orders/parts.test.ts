import { describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { order, upsert, useOrders } from '../../test/orders-of-ada.ts';
import { transact } from '../db/write/transact.ts';
import { orderWriter } from './orders.ts';

const shop = await (await useApi()).tenant('shop');
const { write } = await useOrders(shop);

describe.each([
  ['payments', { externalId: { source: 'till', value: '1' }, kind: 'PAYMENT', method: 'CARD', amount: '1' }],
  ['fulfillments', { externalId: { source: 'post', value: '1' }, status: 'DELIVERED' }],
])('external IDs of %s', (list, part) => {
  it('are unique within an order', async () => {
    const { extensions } = await shop.error(upsert, { input: order('twice', { [list]: [part, part] }) });

    expect(extensions).toEqual({ code: 'INVALID_INPUT', field: [list, 1, 'externalId'] });
  });

  it('are unique across orders, also within a batch', async () => {
    const [first, second] = [`${list}-first`, `${list}-second`].map((value) => order(value, { [list]: [part] }));
    const { order: owner } = await write(first ?? {});

    const { extensions } = await shop.error(upsert, { input: second });
    const again = await write(first ?? {});
    const other = { ...part, externalId: { ...part.externalId, value: '2' } };
    const [third, fourth] = ['third', 'fourth'].map((value) => order(`${list}-${value}`, { [list]: [other] }));
    const results = await transact(shop.db, (tx) => orderWriter.write(tx, [third, fourth].map(orderWriter.parse)));

    expect(extensions).toEqual({ code: 'CONFLICT', field: [list, 0, 'externalId'], conflictingId: owner.id });
    expect(again.outcome).toBe('NOOP');
    expect(results).toEqual([
      expect.objectContaining({ outcome: 'CREATED' }),
      expect.objectContaining({ code: 'CONFLICT' }),
    ]);
  });

  it('can move to another order once the first gives them up, also within a batch', async () => {
    const named = (value: string) => ({ ...part, externalId: { ...part.externalId, value } });
    const [from, to] = ['from', 'to'].map((value) => `${list}-${value}`) as [string, string];
    await write(order(from, { [list]: [named('moving')] }));
    const batch = [order(from, { [list]: [named('new')] }), order(to, { [list]: [named('moving')] })];

    const results = await transact(shop.db, (tx) => orderWriter.write(tx, batch.map(orderWriter.parse)));

    expect(results).toMatchObject([{ outcome: 'UPDATED' }, { outcome: 'CREATED' }]);
  });

  it('are kept when they are omitted, and replaced when another one is sent', async () => {
    const { externalId, ...unnamed } = part;
    const named = { ...part, externalId: { ...externalId, value: 'kept' } };
    const key = `${list}-named`;
    const outcomes = [];
    for (const sent of [unnamed, named, unnamed, { ...named, externalId: { ...externalId, value: 'other' } }])
      outcomes.push((await write(order(key, { [list]: [sent] }))).outcome);
    const taken = await write(order(`${list}-taker`, { [list]: [named] }));
    const none = await write(order(key, { [list]: null }));

    expect(outcomes).toEqual(['CREATED', 'UPDATED', 'NOOP', 'UPDATED']);
    expect([taken.outcome, none.outcome]).toEqual(['CREATED', 'UPDATED']);
  });
});
