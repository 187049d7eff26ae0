import * as z from 'zod';
import { defineOrderAction } from '../../orders/order-action.ts';

export const cancelOrder = defineOrderAction({
  name: 'cancel_order',
  title: 'Cancel an order',
  description: 'Cancels an order and refunds it. get_order lists the reasons to choose from.',
  action: 'CANCEL',
  mutation: 'cancelOrder',
  effects: ['payments'],
  input: { reason: z.string().max(1_000).optional() },
  fields: ({ reason }) => ({ reason: reason ?? null }),
});
