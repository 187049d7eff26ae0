import * as z from 'zod';
import { defineOrderAction } from '../../orders/order-action.ts';
import { Markers } from '../../text/markers.ts';
import { neutralize } from '../../text/neutralize.ts';

const part = z.string().max(200).optional();

const shippingAddress = z.strictObject({
  lines: z.array(z.string().min(1).max(200)).min(1).max(5),
  city: part,
  postalCode: part,
  region: part,
  countryCode: z.string().length(2).optional(),
});

export const updateShippingAddress = defineOrderAction({
  name: 'update_shipping_address',
  title: 'Update a shipping address',
  description: 'Replaces the shipping address of an order that has not shipped.',
  action: 'CHANGE_SHIPPING_ADDRESS',
  mutation: 'updateOrderShippingAddress',
  effects: [],
  input: { shippingAddress },
  fields: (args) => ({ shippingAddress: args.shippingAddress }),
  describe({ shippingAddress: { lines, city, postalCode, region, countryCode } }) {
    const parts = [...lines, postalCode, city, region, countryCode].filter((each) => each !== undefined);
    const markers = new Markers();
    return `SHIP TO ${markers.around(neutralize(parts.join(', '), 500).value)} ${markers.notice}`;
  },
});
