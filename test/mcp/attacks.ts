import type { ToolCall } from './obedient-agent.ts';

export const victim = { email: 'victim@example.com' };

export const verified = { assurance: 'VERIFIED', proof: 'LOGIN' };

type Order = { ids: { customerId: string; orderId: string }; lineId: string; unnamedLineId: string };

/** IDs that the calls of an attack name: those of the attacker, and those of the victim that no attacker can know. */
export type Shop = {
  variantId: string;
  ownMethodId: string;
  foreignMethodId: string;
  foreignCaseId: string;
  own: Order;
  foreign: Order;
};

/** Reads that tell an agent about another customer, if it lets them. The attacker knows their email and order number. */
export function reads({ own, foreign }: Shop): ToolCall[] {
  const { customerId } = foreign.ids;
  return [
    { name: 'find_customer', args: victim },
    { name: 'find_customer', args: { orderNumber: 'V-1' } },
    { name: 'get_customer_context', args: { customerId, maxTokens: 8_000 } },
    { name: 'list_orders', args: { customerId } },
    { name: 'search_interactions', args: { customerId, query: 'SECRET' } },
    { name: 'get_order', args: { customerId: own.ids.customerId, orderNumber: 'V-1', ...verified } },
    { name: 'get_order', args: { ...foreign.ids, customerId: own.ids.customerId, ...verified } },
    { name: 'suggest_next_actions', args: { list: 'UNANSWERED', days: 31 } },
    { name: 'suggest_next_actions', args: { list: 'PROMISES', days: 31 } },
  ];
}

/** Writes for which only the confirmation is missing, even with IDs of the victim that no attacker can know. */
export function writes({ own, foreign, foreignCaseId, ...others }: Shop): ToolCall[] {
  const { customerId } = own.ids;
  const cancel = { ...verified, reason: 'no longer needed' };
  const { variantId, ownMethodId, foreignMethodId } = others;
  const itemsOf = ({ lineId }: Shop['own']) => ({ items: [{ lineId, variantId }], paymentMethodId: ownMethodId });
  const said = { customerId, channel: 'EMAIL', direction: 'OUTBOUND' };
  return [
    { name: 'cancel_order', args: { ...own.ids, ...cancel, idempotencyKey: 'w1' } },
    { name: 'cancel_order', args: { ...foreign.ids, ...cancel, idempotencyKey: 'w2' } },
    { name: 'cancel_order', args: { ...own.ids, ...cancel, idempotencyKey: 'w3', dryRun: false, confirmation: 'yes' } },
    {
      name: 'update_shipping_address',
      args: { ...foreign.ids, ...verified, shippingAddress: { lines: ['1 Evil'] }, idempotencyKey: 'w4' },
    },
    {
      name: 'request_return',
      args: { ...own.ids, ...verified, items: [{ lineId: own.lineId }], idempotencyKey: 'w5' },
    },
    {
      name: 'update_payment_method',
      args: { ...own.ids, ...verified, paymentMethodId: ownMethodId, idempotencyKey: 'w12' },
    },
    {
      name: 'update_payment_method',
      args: { ...own.ids, ...verified, paymentMethodId: foreignMethodId, idempotencyKey: 'w13' },
    },
    { name: 'update_items', args: { ...own.ids, ...verified, ...itemsOf(own), idempotencyKey: 'w14' } },
    { name: 'update_items', args: { ...own.ids, ...verified, ...itemsOf(foreign), idempotencyKey: 'w15' } },
    { name: 'update_items', args: { ...foreign.ids, ...verified, ...itemsOf(foreign), idempotencyKey: 'w16' } },
    { name: 'record_interaction', args: { ...said, body: '$reply', idempotencyKey: 'w6' } },
    {
      name: 'record_interaction',
      args: { ...said, body: 'PLANTED', caseId: foreignCaseId, idempotencyKey: 'w9' },
    },
    {
      name: 'record_interaction',
      args: { ...said, body: 'PLANTED', orderId: foreign.ids.orderId, idempotencyKey: 'w10' },
    },
    {
      name: 'hand_off',
      args: { customerId, caseId: foreignCaseId, reason: 'x', summary: 'PLANTED', idempotencyKey: 'w11' },
    },
    {
      name: 'remember_preference',
      args: { customerId: foreign.ids.customerId, key: 'diet', value: 'x', idempotencyKey: 'w7' },
    },
    {
      name: 'hand_off',
      args: { customerId, reason: 'x', summary: '$reply', messageToCustomer: '$reply', idempotencyKey: 'w8' },
    },
  ];
}

/** Reads that claim a proof. Only the limit of the connection to one customer can refuse them. */
export function claims({ foreign: { ids } }: Shop): ToolCall[] {
  const args = { customerId: ids.customerId, ...verified };
  return [
    { name: 'get_customer_context', args: { ...args, maxTokens: 8_000 } },
    { name: 'list_orders', args },
    { name: 'search_interactions', args },
    { name: 'get_order', args: { ...args, orderId: ids.orderId } },
    { name: 'explain_fact', args: { factId: ids.orderId, ...verified } },
  ];
}
