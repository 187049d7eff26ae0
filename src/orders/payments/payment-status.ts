import type { PaymentStatus } from '../../db/generated/prisma/enums.ts';
import { type Amount, sum, zero } from '../../lib/money.ts';

/** The values that determine the payment status of an order. */
export type Settlement = {
  total: Amount;
  paid: Amount;
  refunded: Amount;
  /** Whether any payment or refund is recorded. If none is, the stated status applies. */
  isRecorded: boolean;
  stated: PaymentStatus | null;
};

// Statuses that a free order cannot have, since there is nothing to pay.
const unpaid: PaymentStatus[] = ['PENDING', 'AUTHORIZED', 'PARTIALLY_PAID'];

/** Derives the payment status of an order. A free order is paid. */
export function paymentStatusOf({ total, paid, refunded, isRecorded, stated }: Settlement): PaymentStatus {
  if (!isRecorded && stated && !(total.isZero() && unpaid.includes(stated))) return stated;
  if (paid.isZero()) return total.isZero() ? 'PAID' : 'PENDING';
  if (refunded.gte(paid)) return 'REFUNDED';
  if (refunded.gt(0)) return 'PARTIALLY_REFUNDED';
  return paid.gte(total) ? 'PAID' : 'PARTIALLY_PAID';
}

/** Builds `paymentStatusOf` as an SQL expression from SQL expressions. */
export function paymentStatusSql({
  total,
  paid,
  refunded,
  isRecorded,
  stated,
}: Record<keyof Settlement, string>): string {
  return `CASE
    WHEN NOT ${isRecorded} AND ${stated} IS NOT NULL AND NOT (${total} = 0 AND ${stated} IN (${listed(unpaid)})) THEN ${stated}
    WHEN ${paid} = 0 THEN CASE WHEN ${total} = 0 THEN 'PAID' ELSE 'PENDING' END::"PaymentStatus"
    WHEN ${refunded} >= ${paid} THEN 'REFUNDED'
    WHEN ${refunded} > 0 THEN 'PARTIALLY_REFUNDED'
    WHEN ${paid} >= ${total} THEN 'PAID' ELSE 'PARTIALLY_PAID' END`;
}

const paidInFull: PaymentStatus[] = ['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED'];

/**
 * Derives the amounts paid and refunded from a stated payment status, for orders without recorded payments or refunds.
 */
export function statedAmounts(stated: PaymentStatus | null, total: Amount) {
  return {
    paid: stated && paidInFull.includes(stated) ? total : zero,
    refunded: stated === 'REFUNDED' ? total : zero,
  };
}

/** Builds `statedAmounts` as SQL expressions. */
export function statedAmountsSql(stated: string, total: string) {
  return {
    paid: `CASE WHEN ${stated} IN (${listed(paidInFull)}) THEN ${total} ELSE 0 END`,
    refunded: `CASE WHEN ${stated} = 'REFUNDED' THEN ${total} ELSE 0 END`,
  };
}

/** Sums the amount paid, from payments or else from the stated status, and the recorded refunds. */
export function settledBy(
  payments: { kind: string; amount: Amount }[],
  { statedPaymentStatus, total }: { statedPaymentStatus: PaymentStatus | null; total: Amount },
) {
  const amountsOf = (kind: string) => payments.filter((each) => each.kind === kind).map(({ amount }) => amount);
  const paid = amountsOf('PAYMENT');
  return {
    paid: paid.length > 0 ? sum(paid) : statedAmounts(statedPaymentStatus, total).paid,
    refunded: sum(amountsOf('REFUND')),
  };
}

function listed(statuses: PaymentStatus[]): string {
  return statuses.map((status) => `'${status}'`).join(', ');
}
