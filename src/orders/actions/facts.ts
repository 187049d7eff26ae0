import type { OrderAction, OrderStatus, PaymentMethodKind } from '../../db/generated/prisma/enums.ts';
import { type Statements, workspace } from '../../db/statements.ts';
import type { PolicyRules } from './policy-rules.ts';

/** What decides about the actions on an order, as JSON from the database. Amounts are texts. */
export type ActionFacts = {
  status: OrderStatus;
  placedAt: string;
  currencyCode: string;
  amountPaid: string;
  isErased: boolean;
  /** Lines in order. `left` counts the units that no return covers, except rejected ones. */
  lines: { id: string; left: number }[];
  payments: { kind: 'PAYMENT' | 'REFUND'; method: string; paymentMethodId: string | null; amount: string }[];
  shipments: { status: string; shippedAt: string | null; deliveredAt: string | null }[];
  /** Actions that were already taken, also as returns that another system has recorded. */
  taken: OrderAction[];
  /** Payment methods of the customer, oldest first. */
  methods: CustomerMethod[];
  /** The policy in force. */
  policy: { version: number; rules: PolicyRules } | null;
};

export type CustomerMethod = {
  id: string;
  kind: PaymentMethodKind;
  balance: string | null;
  currencyCode: string | null;
  isActive: boolean;
};

/** Builds SQL for the facts of the order with this table alias. */
export function factsSql(order: string): string {
  const ofOrder = (alias: string) => `${alias}."workspaceId" = ${workspace} AND ${alias}."orderId" = ${order}."id"`;
  const list = (row: string, from: string, by: string) =>
    `(SELECT coalesce(jsonb_agg(${row} ORDER BY ${by}), '[]') FROM ${from})`;
  return `jsonb_build_object(
    'status', ${order}."status", 'placedAt', ${order}."placedAt", 'currencyCode', ${order}."currencyCode",
    'amountPaid', ${order}."amountPaid"::text,
    'isErased', EXISTS (SELECT 1 FROM "Customer" ac WHERE ac."workspaceId" = ${workspace}
      AND ac."id" = ${order}."customerId" AND ac."status" = 'ERASED'),
    'lines', ${list(
      `jsonb_build_object('id', al."id", 'left', al."quantity" - (SELECT coalesce(sum(rl."quantity"), 0) FROM "ReturnLine" rl
        JOIN "Return" r ON r."workspaceId" = rl."workspaceId" AND r."id" = rl."returnId"
        WHERE rl."workspaceId" = ${workspace} AND rl."orderLineId" = al."id" AND r."status" <> 'REJECTED'))`,
      `"OrderLine" al WHERE ${ofOrder('al')}`,
      'al."position", al."id"',
    )},
    'payments', ${list(
      `jsonb_build_object('kind', ap."kind", 'method', ap."method", 'paymentMethodId', ap."paymentMethodId", 'amount', ap."amount"::text)`,
      `"Payment" ap WHERE ${ofOrder('ap')}`,
      'ap."occurredAt", ap."id"',
    )},
    'shipments', ${list(
      `jsonb_build_object('status', af."status", 'shippedAt', af."shippedAt", 'deliveredAt', af."deliveredAt")`,
      `"Fulfillment" af WHERE ${ofOrder('af')}`,
      'af."createdAt", af."id"',
    )},
    'taken', ${list(
      'taken."action"',
      `(SELECT ah."action"::text FROM "OrderChange" ah WHERE ${ofOrder('ah')}
        UNION SELECT 'REQUEST_' || ar."kind"::text FROM "Return" ar WHERE ${ofOrder('ar')} AND ar."status" <> 'REJECTED') taken`,
      'taken."action"',
    )},
    'methods', ${list(
      `jsonb_build_object('id', am."id", 'kind', am."kind", 'balance', am."balance"::text, 'currencyCode', am."currencyCode", 'isActive', am."isActive")`,
      `"PaymentMethod" am WHERE am."workspaceId" = ${workspace} AND am."customerId" = ${order}."customerId"`,
      'am."createdAt", am."id"',
    )},
    'policy', (SELECT jsonb_build_object('version', po."version", 'rules', po."rules") FROM "OrderPolicy" po
      WHERE po."workspaceId" = ${workspace} ORDER BY po."version" DESC LIMIT 1))`;
}

/** Reads the facts of an order. Null if it does not exist. */
export async function readFacts(
  tx: Pick<Statements, 'workspaceId' | 'query'>,
  id: string,
): Promise<ActionFacts | null> {
  const text = `SELECT ${factsSql('o')} AS facts FROM "Order" o WHERE o."workspaceId" = ${workspace} AND o."id" = $2::uuid`;
  const [row] = await tx.query<{ facts: ActionFacts }>({ text, values: [tx.workspaceId, id] });
  return row?.facts ?? null;
}
