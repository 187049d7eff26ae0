import { defineWrites } from '../graphql/mutations/define-mutation.ts';
import { RecordFulfillmentInput, RecordPaymentInput, UpsertOrderInput } from './input-types.ts';
import { upsertOrder } from './orders.ts';
import { recordFulfillment, recordPayment } from './payments/payments.ts';
import { RecordReturnInput } from './returns/input-types.ts';
import { recordReturn } from './returns/returns.ts';

const scope = 'orders:write';
const addOrderWrite = defineWrites('Order', 'order', 'The order, as it is after the write.');

addOrderWrite({
  name: 'upsertOrder',
  scope,
  input: UpsertOrderInput,
  write: upsertOrder,
  description:
    'Creates or updates the order identified by `key`, and updates the customer’s statistics. Fails with ' +
    '`INVALID_INPUT` if the lines do not add up to the stated total, with `NOT_FOUND` for an unknown ' +
    'customer, product or location, and with `CONFLICT` if a returned line would be removed.',
});

addOrderWrite({
  name: 'recordPayment',
  scope,
  input: RecordPaymentInput,
  write: recordPayment,
  description:
    'Records a payment or refund for an order, and updates the order’s payment status and the customer’s ' +
    'statistics. Returns `NOOP` if a payment with the external ID is already recorded.',
});

addOrderWrite({
  name: 'recordFulfillment',
  scope,
  input: RecordFulfillmentInput,
  write: recordFulfillment,
  description: 'Records a shipment of an order, or updates an existing shipment. Also updates the status of the order.',
});

defineWrites(
  'Return',
  'return',
  'The return, as it is after the write.',
)({
  name: 'recordReturn',
  scope,
  input: RecordReturnInput,
  write: recordReturn,
  description:
    'Records a return, or updates an existing return. Once the return is `RECEIVED` or `COMPLETED`, it ' +
    'counts in the order’s status and in the customer’s statistics.',
});
