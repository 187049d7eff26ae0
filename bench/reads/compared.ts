import { customerContext } from './compared/customer-context.ts';
import { customers } from './compared/customers.ts';
import { lookup } from './compared/lookup.ts';
import { node } from './compared/node.ts';
import { orders } from './compared/orders.ts';
import { purchaseHistory } from './compared/purchase-history.ts';
import { recordInteraction } from './compared/record-interaction.ts';
import { timeline } from './compared/timeline.ts';
import type { ComparedRead } from './read.ts';

/** The reads with a budget, and a write. */
export const compared: ComparedRead[] = [
  customerContext,
  customers,
  orders,
  purchaseHistory,
  timeline,
  lookup,
  node,
  recordInteraction,
];
