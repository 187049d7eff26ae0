import * as z from 'zod';
import { customerKeyInput, resolveCustomers } from '../../customers/identity/keys.ts';
import type { Db, Tx } from '../../db/database.ts';
import { entityKey, type Identified, identifyByKey } from '../../db/entity-keys.ts';
import type { Prisma } from '../../db/generated/prisma/client.ts';
import { PaymentMethodKind } from '../../db/generated/prisma/enums.ts';
import { type BulkWriter, bulkUpsert, writeOne } from '../../db/write/bulk-upsert.ts';
import { lockRows } from '../../db/write/transact.ts';
import { differs, keep } from '../../lib/changes.ts';
import { DomainError, invalid } from '../../lib/errors.ts';
import { currencyCode, name, parseInput, positiveDecimal } from '../../lib/fields.ts';
import { encodeId, newId } from '../../lib/ids.ts';
import { amount } from '../../lib/money.ts';
import { refused, type UpsertResult } from '../../lib/upsert-result.ts';
import { checkVersion, expectedVersion } from '../../lib/versions.ts';
import { paidAmount } from '../totals.ts';

const paymentMethodInput = z.strictObject({
  key: entityKey('PaymentMethod'),
  customer: customerKeyInput.nullish(),
  kind: z.enum(PaymentMethodKind).nullish(),
  brand: name(100).nullish(),
  lastFour: z
    .string()
    .regex(/^\d{4}$/, 'Must be the last four digits. Never send a full card number.')
    .nullish(),
  balance: positiveDecimal().nullish(),
  currencyCode: currencyCode().nullish(),
  isActive: z.boolean().nullish(),
  expectedVersion,
});

type PaymentMethodInput = z.output<typeof paymentMethodInput>;
type Stored = Prisma.PaymentMethodModel;
type Subject = Identified<PaymentMethodInput> & { customerId: string | null; before: Stored | null };

/** Kinds with a balance of their own, as opposed to money that a bank or another company holds. */
export const kindsWithBalance: PaymentMethodKind[] = ['GIFT_CARD', 'STORE_CREDIT'];

/** Creates or updates the payment method identified by the key. Omitted fields keep their value. */
export function upsertPaymentMethod(db: Db, input: unknown): Promise<UpsertResult> {
  return writeOne(db, paymentMethodWriter, input);
}

export const paymentMethodWriter: BulkWriter<PaymentMethodInput> = {
  parse: (input) => parseInput(paymentMethodInput, input),
  ...bulkUpsert({
    identify: identifyMethods,
    read: readMethods,
    plan: ({ input, customerId, id }, stored) => planMethod(input, customerId, stored.get(id ?? '') ?? null),
    write: (plans, bulk) => bulk.save('PaymentMethod', plans),
  }),
};

async function identifyMethods(tx: Tx, items: PaymentMethodInput[]): Promise<(Subject | DomainError)[]> {
  const identified = await identifyByKey(tx, 'PaymentMethod', items);
  const stored = await storedMethods(
    tx,
    identified.flatMap(({ id }) => id ?? []),
  );
  // Without a customer in the input, the stored one is resolved, so that a method of an erased customer is refused.
  const keys = identified.map(({ input, id }) => {
    const before = stored.get(id ?? '');
    return input.customer ?? (before ? { id: before.customerId } : null);
  });
  const customers = await resolveCustomers(tx, keys, 'customer');
  return identified.map((each, i) => {
    const customerId = customers[i] ?? null;
    return refused(customerId) ? customerId : { ...each, customerId, before: stored.get(each.id ?? '') ?? null };
  });
}

async function readMethods(tx: Tx, subjects: Subject[]): Promise<Map<string, Stored>> {
  const customerIds = subjects.flatMap(({ customerId, before }) => [customerId, before?.customerId ?? null]);
  await lockRows(
    tx,
    'Customer',
    customerIds.filter((id) => id !== null),
  );
  return storedMethods(
    tx,
    subjects.flatMap(({ id }) => id ?? []),
  );
}

async function storedMethods(tx: Tx, ids: string[]): Promise<Map<string, Stored>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.paymentMethod.findMany({ where: { workspaceId: tx.workspaceId, id: { in: ids } } });
  return new Map(rows.map((row) => [row.id, row]));
}

function planMethod(input: PaymentMethodInput, customerId: string | null, stored: Stored | null) {
  const { key } = input;
  if (!stored && key.id) throw new DomainError('NOT_FOUND', 'No payment method has this ID.', { field: ['key', 'id'] });
  checkVersion(input.expectedVersion, stored);
  if (!customerId) throw invalid('A payment method requires `customer`.', 'customer');
  if (stored && stored.customerId !== customerId) {
    const message = 'This payment method belongs to another customer. Omit `customer`, or send another key.';
    const conflictingId = encodeId('Customer', stored.customerId);
    throw new DomainError('CONFLICT', message, { field: ['customer'], conflictingId });
  }
  const kind = input.kind ?? stored?.kind;
  if (!kind) throw invalid('A payment method requires `kind`.', 'kind');
  const row = {
    id: stored?.id ?? newId(),
    customerId,
    source: stored?.source ?? key.externalId?.source ?? null,
    externalId: stored?.externalId ?? key.externalId?.value ?? null,
    kind,
    brand: keep(input.brand, stored?.brand),
    lastFour: keep(input.lastFour, stored?.lastFour),
    ...balanceOf(input, kind, stored),
    isActive: keep(input.isActive, stored?.isActive) ?? true,
  };
  const outcome: UpsertResult['outcome'] = stored ? (differs(row, stored) ? 'UPDATED' : 'NOOP') : 'CREATED';
  return { id: row.id, row, outcome };
}

// The balance and its currency, which only some kinds have.
function balanceOf(input: PaymentMethodInput, kind: PaymentMethodKind, stored: Stored | null) {
  if (!kindsWithBalance.includes(kind)) {
    const field = input.balance ? 'balance' : input.currencyCode ? 'currencyCode' : null;
    if (field) throw invalid(`Only ${kindsWithBalance.join(' and ')} can have a balance. Omit \`${field}\`.`, field);
    return { balance: null, currencyCode: null };
  }
  const balance = keep(input.balance, stored?.balance && amount(stored.balance));
  const currency = keep(input.currencyCode, stored?.currencyCode);
  if (!balance) throw invalid(`A payment method of the kind ${kind} requires \`balance\`.`, 'balance');
  if (!currency) throw invalid('`balance` requires `currencyCode`.', 'currencyCode');
  return { balance: paidAmount(balance, currency, 'balance'), currencyCode: currency };
}
