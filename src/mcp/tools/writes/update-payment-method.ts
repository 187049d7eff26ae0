import * as z from 'zod';
import { defineOrderAction } from '../../orders/order-action.ts';

export const updatePaymentMethod = defineOrderAction({
  name: 'update_payment_method',
  title: 'Update a payment method',
  description: 'Pays an order that has not shipped with another payment method, and refunds the original one.',
  action: 'CHANGE_PAYMENT_METHOD',
  mutation: 'updateOrderPaymentMethod',
  effects: ['payments'],
  input: { paymentMethodId: z.string().max(100) },
  fields: ({ paymentMethodId }) => ({ paymentMethod: { id: paymentMethodId } }),
});
