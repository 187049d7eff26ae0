import type { Tool } from './tool.ts';
import { composeSalutation } from './tools/compose-salutation.ts';
import { explainFact } from './tools/explain-fact.ts';
import { findCustomer } from './tools/find-customer.ts';
import { findProducts } from './tools/find-products.ts';
import { getCustomerContext } from './tools/get-customer-context.ts';
import { getOrder } from './tools/get-order.ts';
import { listOrders } from './tools/list-orders.ts';
import { searchInteractions } from './tools/search-interactions.ts';
import { suggestNextActions } from './tools/suggest-next-actions.ts';
import { cancelOrder } from './tools/writes/cancel-order.ts';
import { handOff } from './tools/writes/hand-off.ts';
import { recordInteraction } from './tools/writes/record-interaction.ts';
import { rememberPreference } from './tools/writes/remember-preference.ts';
import { requestExchange } from './tools/writes/request-exchange.ts';
import { requestReturn } from './tools/writes/request-return.ts';
import { scheduleFollowUp } from './tools/writes/schedule-follow-up.ts';
import { updateItems } from './tools/writes/update-items.ts';
import { updatePaymentMethod } from './tools/writes/update-payment-method.ts';
import { updateShippingAddress } from './tools/writes/update-shipping-address.ts';

/** All tools, in alphabetical order by name. */
export const tools: readonly Tool[] = [
  cancelOrder,
  composeSalutation,
  explainFact,
  findCustomer,
  findProducts,
  getCustomerContext,
  getOrder,
  handOff,
  listOrders,
  recordInteraction,
  rememberPreference,
  requestExchange,
  requestReturn,
  scheduleFollowUp,
  searchInteractions,
  suggestNextActions,
  updateItems,
  updatePaymentMethod,
  updateShippingAddress,
];
