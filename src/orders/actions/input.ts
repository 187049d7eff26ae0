import * as z from 'zod';
import { entityKey } from '../../db/entity-keys.ts';
import type { OrderAction } from '../../db/generated/prisma/enums.ts';
import { idOf, listOf, text } from '../../lib/fields.ts';
import { expectedVersion } from '../../lib/versions.ts';
import { shippingAddress } from '../input.ts';

const common = { order: entityKey('Order'), expectedVersion, dryRun: z.boolean().nullish() };
const quantity = z.int().min(1, '`quantity` must be at least 1.').max(10_000_000).nullish();
const line = { line: idOf('OrderLine'), quantity };
const returned = z.strictObject(line);
const replaced = z.strictObject({ ...line, variant: idOf('ProductVariant') });
const paymentMethod = entityKey('PaymentMethod');
const reason = text(1_000).nullish();

function items<Item extends z.ZodType>(item: Item) {
  return listOf(item, 500).refine((given) => given.length > 0, 'Send at least one item.');
}

/** Inputs of the actions. */
export const actionInputs = {
  CANCEL: z.strictObject({ ...common, reason }),
  CHANGE_SHIPPING_ADDRESS: z.strictObject({ ...common, shippingAddress }),
  CHANGE_PAYMENT_METHOD: z.strictObject({ ...common, paymentMethod }),
  CHANGE_ITEMS: z.strictObject({ ...common, items: items(replaced), paymentMethod: paymentMethod.nullish() }),
  REQUEST_RETURN: z.strictObject({ ...common, items: items(returned), reason, paymentMethod: paymentMethod.nullish() }),
  REQUEST_EXCHANGE: z.strictObject({
    ...common,
    items: items(replaced),
    reason,
    paymentMethod: paymentMethod.nullish(),
  }),
} satisfies Record<OrderAction, z.ZodType>;

/** Any input of an action, with the fields that only some actions have. */
export type ActionInput = z.output<z.ZodObject<typeof common>> & {
  reason?: string | null | undefined;
  shippingAddress?: z.output<typeof shippingAddress>;
  paymentMethod?: z.output<typeof paymentMethod> | null | undefined;
  items?: Item[];
};

export type Item = { line: string; quantity?: number | null | undefined; variant?: string };
