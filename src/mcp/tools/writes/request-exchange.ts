import { z } from 'zod';
import { goods, returned, sentGoods } from '../../orders/goods.ts';
import { defineOrderAction } from '../../orders/order-action.ts';

const replaced = z.strictObject({ ...returned, variantId: z.string().max(100).describe('From find_products.') });

export const requestExchange = defineOrderAction({
  name: 'request_exchange',
  title: 'Request an exchange',
  description: 'Requests to exchange delivered items. `paymentMethodId` is for the price difference.',
  action: 'REQUEST_EXCHANGE',
  mutation: 'requestExchange',
  input: { items: z.array(replaced).min(1).max(500), ...goods },
  fields: sentGoods,
});
