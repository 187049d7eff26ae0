import { describe, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { encodeId, newId } from '../../lib/ids.ts';

const shop = await (await useApi()).tenant('shop');

describe('a filter by an ID', () => {
  const orders = (where: object) =>
    shop.error('query ($where: OrderWhere) { orders(where: $where) { totalCount } }', { where });

  it.each([
    ['customer', 'Not a Customer ID. Customer IDs look like customer_01h455vb4pex5vsknk084sn02q.'],
    [12, 'Not a Customer ID. Customer IDs look like customer_01h455vb4pex5vsknk084sn02q.'],
    [newId(), 'Not a Customer ID. Customer IDs look like customer_01h455vb4pex5vsknk084sn02q.'],
    [
      encodeId('Order', newId()),
      'This is the ID of an Order, not of a Customer. Customer IDs look like customer_01h455vb4pex5vsknk084sn02q.',
    ],
  ])('rejects %j and names the expected type', async (customerId, message) => {
    const error = await orders({ NOT: { customerId } });

    expect([error.message, error.extensions]).toEqual([
      message,
      { code: 'INVALID_INPUT', field: ['where', 'NOT', 'customerId'] },
    ]);
  });
});
