import { describeReplaced, goods, replaced, sentGoods } from '../../orders/goods.ts';
import { defineOrderAction } from '../../orders/order-action.ts';

export const requestExchange = defineOrderAction({
  name: 'request_exchange',
  title: 'Request an exchange',
  description: 'Requests to exchange delivered items. `paymentMethodId` is for the price difference.',
  action: 'REQUEST_EXCHANGE',
  mutation: 'requestExchange',
  effects: ['payments', 'priceDifference', 'returnId'],
  scopes: ['products:read'],
  input: { items: replaced, ...goods },
  fields: sentGoods,
  describe: describeReplaced,
});
