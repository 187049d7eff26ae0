import * as z from 'zod';
import { erasedError } from '../customers/identity/erased-keys.ts';
import { customerKeyInput, resolveCustomers } from '../customers/identity/keys.ts';
import type { Db, Tx } from '../db/database.ts';
import { entityKey, externalIdColumns, externalIdInput, findEntities, resolveEntities } from '../db/entity-keys.ts';
import { ActorKind, CaseKind, CasePriority, CaseStatus, PromiseStatus } from '../db/generated/prisma/enums.ts';
import type { CaseModel } from '../db/generated/prisma/models.ts';
import { type BulkWriter, oneByOne, writeOne } from '../db/write/bulk-upsert.ts';
import { lockRows, transact } from '../db/write/transact.ts';
import { changedAt, differs, keep, part } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { instant, listOf, name, parseInput, pastInstant, text } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import { refused, type UpsertResult } from '../lib/upsert-result.ts';
import { checkVersion, expectedVersion } from '../lib/versions.ts';

const handoffInput = z.strictObject({
  occurredAt: pastInstant().nullish(),
  fromKind: z.enum(ActorKind),
  fromName: name().nullish(),
  to: name(),
  reason: text(1_000),
  tried: text(10_000).nullish(),
  openQuestions: listOf(name(1_000), 50).nullish(),
});

const caseInput = z.strictObject({
  key: entityKey('Case').nullish(),
  customer: customerKeyInput.nullish(),
  order: entityKey('Order').nullish(),
  kind: z.enum(CaseKind).nullish(),
  status: z.enum(CaseStatus).nullish(),
  priority: z.enum(CasePriority).nullish(),
  subject: name(500).nullish(),
  cause: text(1_000).nullish(),
  remedy: text(1_000).nullish(),
  assignee: name().nullish(),
  openedAt: pastInstant().nullish(),
  firstResponseAt: pastInstant().nullish(),
  resolvedAt: pastInstant().nullish(),
  snoozedUntil: instant().nullish(),
  promise: z
    .strictObject({ text: text(1_000), dueAt: instant().nullish(), status: z.enum(PromiseStatus).nullish() })
    .nullish(),
  handoff: handoffInput.nullish(),
  changedAt: pastInstant().nullish(),
  expectedVersion,
});

type CaseInput = z.output<typeof caseInput>;

/** Creates or updates the case identified by `key`. Opens a new case without a key. */
export function upsertCase(db: Db, input: unknown): Promise<UpsertResult> {
  return writeOne(db, caseWriter, input);
}

export const caseWriter: BulkWriter<CaseInput> = {
  parse: (input) => parseInput(caseInput, input),
  ...oneByOne(writeCase),
};

/** Opens a new case. Fails with CONFLICT if its external ID already exists. */
export async function openCase(db: Db, input: unknown): Promise<UpsertResult> {
  const schema = caseInput
    .omit({ key: true, changedAt: true, expectedVersion: true })
    .extend({ externalId: externalIdInput.nullish() });
  const { externalId, ...wanted } = parseInput(schema, input);
  const key = externalId ? { externalId } : undefined;
  return transact(db, (tx) => writeCase(tx, { ...wanted, key }, 'mustBeNew'));
}

/** Updates an existing case. Fails with NOT_FOUND if there is none. */
export async function updateCase(db: Db, input: unknown): Promise<UpsertResult> {
  const wanted = parseInput(caseInput.extend({ key: entityKey('Case') }), input);
  return transact(db, (tx) => writeCase(tx, wanted, 'mustExist'));
}

/** Resolves a case, with its cause and remedy. Returns NOOP if nothing changes. */
export async function resolveCase(db: Db, input: unknown): Promise<UpsertResult> {
  const resolution = z.strictObject({
    key: entityKey('Case'),
    cause: text(1_000).nullish(),
    remedy: text(1_000).nullish(),
    resolvedAt: pastInstant().nullish(),
    expectedVersion,
  });
  const wanted = parseInput(resolution, input);
  return transact(db, (tx) => writeCase(tx, { ...wanted, status: 'RESOLVED' }, 'mustExist'));
}

/** Reopens a resolved case and counts it, like a write of another status. Fails with CONFLICT if it is not resolved. */
export async function reopenCase(db: Db, input: unknown): Promise<UpsertResult> {
  const reopening = z.strictObject({ key: entityKey('Case'), reopenedAt: pastInstant().nullish(), expectedVersion });
  const { key, reopenedAt, expectedVersion: expected } = parseInput(reopening, input);
  return transact(db, async (tx) => {
    const stored = await readCase(tx, key);
    if (!stored) throw noCase();
    checkVersion(expected, stored);
    if (stored.status !== 'RESOLVED')
      throw new DomainError('CONFLICT', 'Only a resolved case can be reopened.', { field: ['key'] });
    const where = { workspaceId_id: { workspaceId: tx.workspaceId, id: stored.id } };
    const reopened = {
      status: 'OPEN',
      resolvedAt: null,
      reopenedCount: reopenedCount(stored, 'OPEN'),
      changedAt: changedAt(stored.changedAt, reopenedAt),
      updatedAt: new Date(),
    } as const;
    await tx.case.update({ where, data: reopened });
    return { id: stored.id, outcome: 'UPDATED' };
  });
}

function noCase(): DomainError {
  return new DomainError('NOT_FOUND', 'No case has this key. Check the ID or external ID.', { field: ['key'] });
}

async function writeCase(tx: Tx, input: CaseInput, expected?: 'mustBeNew' | 'mustExist'): Promise<UpsertResult> {
  const { workspaceId } = tx;
  const stored = input.key ? await readCase(tx, input.key) : null;
  if (!stored && (input.key?.id || expected === 'mustExist')) throw noCase();
  if (stored && expected === 'mustBeNew')
    throw new DomainError('CONFLICT', 'A case with this external ID already exists. Use `updateCase` to change it.', {
      field: ['externalId'],
    });
  checkVersion(input.expectedVersion, stored);
  const [customerId] = await resolveCustomers(tx, [input.customer], 'customer');
  const [orderId] = await resolveEntities(tx, 'Order', [input.order], 'order');
  if (refused(customerId)) throw customerId;
  if (refused(orderId)) throw orderId;

  const now = new Date();
  const handoff = await newHandoff(tx, input.handoff, stored?.id ?? null, now);
  const row = caseRow(input, customerId ?? null, orderId ?? null, stored, now);
  const id = stored?.id ?? newId();
  if (!stored) {
    const { lastCaseNumber: number } = await tx.workspace.update({
      where: { id: workspaceId },
      data: { lastCaseNumber: { increment: 1 } },
      select: { lastCaseNumber: true },
    });
    const named = externalIdColumns(input.key?.externalId);
    await tx.case.create({ data: { workspaceId, id, number, ...named, ...row, createdAt: now, updatedAt: now } });
  } else if (differs(row, stored) || handoff) {
    // A case that becomes resolved changes at `resolvedAt`, unless the input has `changedAt`.
    const told = input.changedAt ?? (stored.status === 'RESOLVED' ? null : row.resolvedAt);
    const changed = { changedAt: changedAt(stored.changedAt, told, now), updatedAt: now };
    await tx.case.update({ where: { workspaceId_id: { workspaceId, id } }, data: { ...row, ...changed } });
    if (row.customerId !== stored.customerId) await takeInteractionsAlong(tx, stored, row.customerId, now);
  } else {
    return { id, outcome: 'NOOP' };
  }
  const { customerId: owner } = row;
  if (handoff)
    await tx.caseHandoff.create({ data: { workspaceId, id: newId(), caseId: id, customerId: owner, ...handoff } });
  return { id, outcome: stored ? 'UPDATED' : 'CREATED' };
}

// Interactions of a case follow it to its new customer. Those of other customers stay with them.
async function takeInteractionsAlong(tx: Tx, from: CaseModel, customerId: string | null, now: Date): Promise<void> {
  await tx.interaction.updateMany({
    where: { workspaceId: tx.workspaceId, caseId: from.id, customerId: from.customerId },
    data: { customerId, updatedAt: now },
  });
}

// The number of times a case was reopened, once it has this status.
function reopenedCount(stored: CaseModel | null, status: CaseStatus): number {
  if (!stored) return 0;
  return stored.status === 'RESOLVED' && status !== 'RESOLVED' ? stored.reopenedCount + 1 : stored.reopenedCount;
}

// Null if the hand-off is known: one at the same time or, without a time, the latest one has the same content.
async function newHandoff(tx: Tx, given: CaseInput['handoff'], caseId: string | null, now: Date) {
  if (!given) return null;
  const { fromKind, to, reason } = given;
  const said = {
    fromKind,
    to,
    reason,
    fromName: given.fromName ?? null,
    tried: given.tried ?? null,
    openQuestions: given.openQuestions ?? [],
  };
  const { occurredAt } = given;
  const known = caseId
    ? await tx.caseHandoff.findMany({
        // Someone may hand over again for the same reason after the first hand-off was acknowledged.
        where: { workspaceId: tx.workspaceId, caseId, ...(occurredAt ? { occurredAt } : { acknowledgedAt: null }) },
        orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }],
        ...(!occurredAt && { take: 1 }),
      })
    : [];
  return known.some((handoff) => !differs(said, handoff)) ? null : { ...said, occurredAt: occurredAt ?? now };
}

function caseRow(
  input: CaseInput,
  customerId: string | null,
  orderId: string | null,
  stored: CaseModel | null,
  now: Date,
) {
  const subject = input.subject ?? stored?.subject;
  if (!subject) throw invalid('A new case requires a `subject`.', 'subject');
  const openedAt = input.openedAt ?? stored?.openedAt ?? earliest(now, input.firstResponseAt, input.resolvedAt);
  const status = input.status ?? (input.resolvedAt ? 'RESOLVED' : (stored?.status ?? 'OPEN'));
  if (input.resolvedAt && status !== 'RESOLVED')
    throw invalid(
      'Only a RESOLVED case can have `resolvedAt`. Send `status: RESOLVED`, or omit `resolvedAt`.',
      'resolvedAt',
    );
  // Null only means that the time is unknown. A case is reopened by its status.
  const resolvedAt = status === 'RESOLVED' ? (input.resolvedAt ?? stored?.resolvedAt ?? now) : null;
  if (resolvedAt && resolvedAt < openedAt) throw invalid('Must not be before `openedAt`.', 'resolvedAt');
  const { promise } = input;
  // A repeated promise keeps its due date and status where these are omitted.
  const promised = promise && promise.text === stored?.promiseText ? stored : null;
  return {
    customerId: keep(input.customer === undefined ? undefined : customerId, stored?.customerId),
    orderId: keep(input.order === undefined ? undefined : orderId, stored?.orderId),
    kind: input.kind ?? stored?.kind ?? 'QUESTION',
    status,
    priority: input.priority ?? stored?.priority ?? 'MEDIUM',
    subject,
    cause: keep(input.cause, stored?.cause),
    remedy: keep(input.remedy, stored?.remedy),
    assignee: keep(input.assignee, stored?.assignee),
    openedAt,
    firstResponseAt: keep(input.firstResponseAt, stored?.firstResponseAt),
    resolvedAt,
    reopenedCount: reopenedCount(stored, status),
    snoozedUntil: keep(input.snoozedUntil, stored?.snoozedUntil),
    promiseText: keep(
      part(promise, ({ text }) => text),
      stored?.promiseText,
    ),
    promiseDueAt: keep(
      part(promise, ({ dueAt }) => keep(dueAt, promised?.promiseDueAt)),
      stored?.promiseDueAt,
    ),
    promiseStatus: keep(
      part(promise, ({ status }) => keep(status, promised?.promiseStatus) ?? 'OPEN'),
      stored?.promiseStatus,
    ),
  };
}

function earliest(first: Date, ...others: (Date | null | undefined)[]): Date {
  return others.reduce<Date>((best, each) => (each && each < best ? each : best), first);
}

async function readCase(tx: Tx, key: NonNullable<CaseInput['key']>): Promise<CaseModel | null> {
  const [id] = await findEntities(tx, 'Case', [key]);
  if (!id) return null;
  await lockRows(tx, 'Case', [id]);
  const where = { workspaceId_id: { workspaceId: tx.workspaceId, id } };
  const stored = await tx.case.findUnique({ where, include: { customer: { select: { status: true } } } });
  // A case of a customer who is being erased may still exist. It must not be changed or moved to another customer.
  if (stored?.customer?.status === 'ERASED') throw erasedError('key');
  return stored;
}
