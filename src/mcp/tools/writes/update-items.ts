import * as z from 'zod';
import { describeReplaced, replaced, sentGoods } from '../../orders/goods.ts';
import { defineOrderAction } from '../../orders/order-action.ts';

export const updateItems = defineOrderAction({
  name: 'update_items',
  title: 'Update items',
  description:
    'Replaces items of an order that has not shipped by other variants. `paymentMethodId` is for the price ' +
    'difference. Often possible only once, so send all items together.',
  action: 'CHANGE_ITEMS',
  mutation: 'updateOrderItems',
  effects: ['payments', 'priceDifference'],
  scopes: ['products:read'],
  input: { items: replaced, paymentMethodId: z.string().max(100).optional() },
  fields: sentGoods,
  describe: describeReplaced,
});
