import { defineWrites } from '../graphql/mutations/define-mutation.ts';
import { RecordFulfillmentInput, RecordPaymentInput, RecordReturnInput, UpsertOrderInput } from './input-types.ts';
import { upsertOrder } from './orders.ts';
import { recordFulfillment, recordPayment } from './payments/payments.ts';
import { recordReturn } from './returns/returns.ts';

const scope = 'orders:write';
const addOrderWrite = defineWrites('Order', 'order', 'Order after the write.');

addOrderWrite({
  name: 'upsertOrder',
  scope,
  input: UpsertOrderInput,
  write: upsertOrder,
  description:
    'Creates or updates the order identified by `key`, and updates the customer’s statistics. Fails with ' +
    '`INVALID_INPUT` if lines do not add up to the stated total, `NOT_FOUND` for an unknown customer, product or ' +
    'location, and `CONFLICT` if a returned line would be removed.',
});

addOrderWrite({
  name: 'recordPayment',
  scope,
  input: RecordPaymentInput,
  write: recordPayment,
  description:
    'Records a payment or refund for an order, and updates its payment status and the customer’s statistics. Returns ' +
    '`NOOP` if the external ID is already recorded.',
});

addOrderWrite({
  name: 'recordFulfillment',
  scope,
  input: RecordFulfillmentInput,
  write: recordFulfillment,
  description: 'Records a shipment of an order or updates an existing one, and updates the status of the order.',
});

defineWrites(
  'Return',
  'return',
  'Return after the write.',
)({
  name: 'recordReturn',
  scope,
  input: RecordReturnInput,
  write: recordReturn,
  description:
    'Records a return or updates an existing one. Once it is `RECEIVED` or `COMPLETED`, it counts in the status of ' +
    'the order and the customer’s statistics.',
});
