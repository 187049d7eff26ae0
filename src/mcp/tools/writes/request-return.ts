import { goods, returned, sentGoods } from '../../orders/goods.ts';
import { defineOrderAction } from '../../orders/order-action.ts';

export const requestReturn = defineOrderAction({
  name: 'request_return',
  title: 'Request a return',
  description: 'Requests a return of delivered items. The refund follows once they are back.',
  action: 'REQUEST_RETURN',
  mutation: 'requestReturn',
  effects: ['payments', 'returnId'],
  input: { items: returned, ...goods },
  fields: sentGoods,
});
