import * as z from 'zod';
import { OrderAction, OrderStatus, PaymentMethodKind } from '../../db/generated/prisma/enums.ts';
import { listOf, name } from '../../lib/fields.ts';
import retail from './retail-policy.json' with { type: 'json' };

// No action is possible once an order was called off.
const statuses = Object.values(OrderStatus).filter((status) => status !== 'CANCELED' && status !== 'EXPIRED');

const days = z.int('Must be a whole number of days.').min(0, 'Must not be negative.').max(3_650);

// Rules that every action has.
const common = {
  statuses: z.array(z.enum(statuses)).min(1, 'Must name at least one status. To forbid the action, omit it.'),
  deliveredOnly: z.boolean().default(false),
  within: z.strictObject({ days, since: z.enum(['PLACED', 'DELIVERED']) }).nullish(),
  notAfter: z.array(z.enum(OrderAction)).default([]),
};

const reasons = listOf(name(200), 100).nullish();
const paymentMethods = z.array(z.enum(['ORIGINAL', ...Object.values(PaymentMethodKind)])).nullish();
const replacement = { sameProductOnly: z.boolean().default(true), availableOnly: z.boolean().default(true) };

const refundTime = z
  .strictObject({ minBusinessDays: days, maxBusinessDays: days })
  .refine(
    ({ minBusinessDays, maxBusinessDays }) => minBusinessDays <= maxBusinessDays,
    '`minBusinessDays` must not exceed `maxBusinessDays`.',
  );

const kinds = Object.values(PaymentMethodKind).map((kind) => [kind, refundTime.optional()] as const);

/** The rules of a workspace for actions on orders. An action that is left out is not allowed. */
export const policyRules = z.strictObject({
  name: name(100),
  actions: z.strictObject({
    CANCEL: z.strictObject({ ...common, reasons }).optional(),
    CHANGE_SHIPPING_ADDRESS: z.strictObject(common).optional(),
    CHANGE_PAYMENT_METHOD: z.strictObject({ ...common, paymentMethods }).optional(),
    CHANGE_ITEMS: z.strictObject({ ...common, ...replacement, paymentMethods }).optional(),
    REQUEST_RETURN: z.strictObject({ ...common, reasons, paymentMethods }).optional(),
    REQUEST_EXCHANGE: z.strictObject({ ...common, ...replacement, reasons, paymentMethods }).optional(),
  }),
  refundTimes: z
    .strictObject({ default: refundTime.optional(), ...Object.fromEntries(kinds) })
    .default({}) as z.ZodType<Partial<Record<PaymentMethodKind | 'default', RefundTime>>>,
});

export type PolicyRules = z.output<typeof policyRules>;
export type RefundTime = z.output<typeof refundTime>;

/** The rules of one action. Those that it does not have are absent. */
export type ActionRule = z.output<z.ZodObject<typeof common>> & {
  reasons?: string[] | null | undefined;
  paymentMethods?: (PaymentMethodKind | 'ORIGINAL')[] | null | undefined;
  sameProductOnly?: boolean;
  availableOnly?: boolean;
};

/** Policies that ship with Rapport, by name. */
export const shippedPolicies: Readonly<Record<string, unknown>> = { retail };

/** Returns how long a refund takes that goes to a kind of payment method. Undefined if the policy does not say. */
export function refundTimeOf(rules: PolicyRules, kind: PaymentMethodKind | null): RefundTime | undefined {
  return (kind && rules.refundTimes[kind]) ?? rules.refundTimes.default;
}
