import type { Db, Tx } from '../../db/database.ts';
import { resolveEntities } from '../../db/entity-keys.ts';
import type { OrderAction } from '../../db/generated/prisma/enums.ts';
import { bulkOf } from '../../db/write/bulk.ts';
import { asDryRun } from '../../db/write/dry-run.ts';
import { transact } from '../../db/write/transact.ts';
import { DomainError, invalid } from '../../lib/errors.ts';
import { parseInput } from '../../lib/fields.ts';
import { refused, type UpsertResult } from '../../lib/upsert-result.ts';
import { checkVersion } from '../../lib/versions.ts';
import { readOrders } from '../orders.ts';
import { type ActionFacts, type CustomerMethod, readFacts } from './facts.ts';
import { type ActionInput, actionInputs } from './input.ts';
import type { Variant } from './items.ts';
import type { Movement } from './money-moves.ts';
import { type ActionSubject, planAction } from './plan-action.ts';
import { refundTimeOf } from './policy-rules.ts';
import { writeAction } from './write-action.ts';

/** Effect of an action. It is stored with the idempotency key, so amounts are texts. */
export type ActionResult = UpsertResult & {
  isDryRun: boolean;
  policyVersion: number;
  currencyCode: string;
  priceDifference: string;
  movements: ReturnType<typeof described>[];
  returnId: string | null;
};

/**
 * Takes an action on an order, if the policy of the workspace allows it. A dry run does the same and is rolled back, so
 * that it returns exactly what the action would do.
 */
export async function performAction(db: Db, action: OrderAction, given: unknown): Promise<ActionResult> {
  const input: ActionInput = parseInput<ActionInput>(actionInputs[action], given);
  const tables = input.dryRun ? asDryRun(db) : db;
  const result = await transact(tables, (tx) => performWithin(tx, action, input));
  return { ...result, isDryRun: tables.isDryRun ?? false };
}

async function performWithin(tx: Tx, action: OrderAction, input: ActionInput): Promise<Omit<ActionResult, 'isDryRun'>> {
  const [id] = await resolveEntities(tx, 'Order', [input.order], 'order');
  if (refused(id)) throw id;
  const { stored } = await readOrders(tx, [id ?? ''], []);
  const order = stored.get(id ?? '');
  const facts = order && (await readFacts(tx, order.id));
  if (!order || !facts) throw new DomainError('NOT_FOUND', 'No order has this ID.', { field: ['order'] });
  checkVersion(input.expectedVersion, order);
  const now = new Date();
  const method = await methodOf(tx, input, facts);
  const subject: ActionSubject = { order, facts, input, method, variants: await variantsOf(tx, input), now };
  const plan = planAction(action, subject);
  const { outcome, returnId, refunded } = await writeAction(tx, await bulkOf(tx), action, subject, plan);
  const expected = refunded ? [refunded] : plan.expected;
  return {
    id: order.id,
    outcome,
    policyVersion: facts.policy?.version ?? 0,
    currencyCode: order.currencyCode,
    priceDifference: plan.priceDifference.toFixed(),
    movements: [
      ...plan.movements.map((each) => described(each, facts, false)),
      ...expected.map((each) => described(each, facts, true)),
    ],
    returnId,
  };
}

function described({ kind, amount, method, paymentMethodId }: Movement, facts: ActionFacts, isExpected: boolean) {
  const known = facts.methods.find(({ id }) => id === paymentMethodId);
  const time = kind === 'REFUND' && facts.policy ? refundTimeOf(facts.policy.rules, known?.kind ?? null) : undefined;
  return {
    kind,
    amount: amount.toFixed(),
    currencyCode: facts.currencyCode,
    method,
    paymentMethodId,
    isExpected,
    minBusinessDays: time?.minBusinessDays ?? null,
    maxBusinessDays: time?.maxBusinessDays ?? null,
  };
}

async function methodOf(
  tx: Tx,
  { paymentMethod }: ActionInput,
  { methods }: ActionFacts,
): Promise<CustomerMethod | null> {
  if (!paymentMethod) return null;
  const [id] = await resolveEntities(tx, 'PaymentMethod', [paymentMethod], 'paymentMethod');
  if (refused(id)) throw id;
  const own = methods.find((each) => each.id === id);
  if (!own)
    throw invalid('This payment method belongs to another customer. Send one of the customer’s.', 'paymentMethod');
  return own;
}

async function variantsOf(tx: Tx, { items = [] }: ActionInput): Promise<Map<string, Variant>> {
  const ids = items.flatMap(({ variant }) => variant ?? []);
  if (ids.length === 0) return new Map();
  const where = { workspaceId: tx.workspaceId, id: { in: ids } };
  const include = { product: { select: { title: true, isActive: true } } };
  const rows = await tx.productVariant.findMany({ where, include });
  return new Map(rows.map((row) => [row.id, row]));
}
