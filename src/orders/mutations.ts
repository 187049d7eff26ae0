import { defineWrites } from '../graphql/writes.ts';
import { RecordFulfillmentInput, RecordPaymentInput, RecordReturnInput, UpsertOrderInput } from './input-types.ts';
import { upsertOrder } from './orders.ts';
import { recordFulfillment, recordPayment } from './payments.ts';
import { recordReturn } from './returns.ts';

const scope = 'orders:write';
const addOrderWrite = defineWrites('Order', 'order', 'The order as it is afterwards.');

addOrderWrite({
  name: 'upsertOrder',
  scope,
  input: UpsertOrderInput,
  write: upsertOrder,
  description:
    'Creates the order that the key means, or changes the one there is; statistics of the customer follow at once. INVALID_INPUT ' +
    'also where lines do not add up to the stated total; NOT_FOUND for unknown customers, products, locations; CONFLICT where a returned line would go.',
});

addOrderWrite({
  name: 'recordPayment',
  scope,
  input: RecordPaymentInput,
  write: recordPayment,
  description:
    'Records money for an order; its payment status and the customer’s statistics follow. NOOP where its external id is known.',
});

addOrderWrite({
  name: 'recordFulfillment',
  scope,
  input: RecordFulfillmentInput,
  write: recordFulfillment,
  description: 'Records a shipment of an order, or how far a known one has got; the order’s status follows.',
});

defineWrites(
  'Return',
  'return',
  'The return as it is afterwards.',
)({
  name: 'recordReturn',
  scope,
  input: RecordReturnInput,
  write: recordReturn,
  description:
    'Records that goods come back, or how far a known return has got. From RECEIVED on, the order’s status and the customer’s statistics follow.',
});
