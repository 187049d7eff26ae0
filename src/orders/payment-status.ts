import type { PaymentStatus } from '../db/generated/prisma/enums.ts';
import { type Amount, sum, zero } from '../lib/money.ts';

/** What the payment status of an order follows from. */
export type Settlement = {
  total: Amount;
  paid: Amount;
  refunded: Amount;
  /** Whether any payment or refund is recorded. Where none is, the stated status holds. */
  isRecorded: boolean;
  stated: PaymentStatus | null;
};

// What a free order cannot be: there is nothing to pay for it.
const unpaid: PaymentStatus[] = ['PENDING', 'AUTHORIZED', 'PARTIALLY_PAID'];

/** The payment status of an order. A free order is paid. */
export function paymentStatusOf({ total, paid, refunded, isRecorded, stated }: Settlement): PaymentStatus {
  if (!isRecorded && stated && !(total.isZero() && unpaid.includes(stated))) return stated;
  if (paid.isZero()) return total.isZero() ? 'PAID' : 'PENDING';
  if (refunded.gte(paid)) return 'REFUNDED';
  if (refunded.gt(0)) return 'PARTIALLY_REFUNDED';
  return paid.gte(total) ? 'PAID' : 'PARTIALLY_PAID';
}

/** The same as an SQL expression of SQL expressions. */
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

/** What a stated payment status says was paid and refunded, where no such payment is recorded. */
export function statedAmounts(stated: PaymentStatus | null, total: Amount) {
  return {
    paid: stated && paidInFull.includes(stated) ? total : zero,
    refunded: stated === 'REFUNDED' ? total : zero,
  };
}

/** The same as SQL expressions. */
export function statedAmountsSql(stated: string, total: string) {
  return {
    paid: `CASE WHEN ${stated} IN (${listed(paidInFull)}) THEN ${total} ELSE 0 END`,
    refunded: `CASE WHEN ${stated} = 'REFUNDED' THEN ${total} ELSE 0 END`,
  };
}

/** What was paid, by the payments or, without any, by the stated status; and the refunds that are recorded. */
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
