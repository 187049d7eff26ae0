import * as z from 'zod';
import { erasedError } from '../customers/identity/erased-keys.ts';
import { customerKeyInput, resolveCustomers } from '../customers/identity/keys.ts';
import type { Db, Tx } from '../db/database.ts';
import { entityKey, externalIdColumns, findEntities, resolveEntities } from '../db/entity-keys.ts';
import { ActorKind, FollowUpKind, InteractionChannel, Purpose } from '../db/generated/prisma/enums.ts';
import type { FollowUpModel } from '../db/generated/prisma/models.ts';
import { type BulkWriter, oneByOne, writeOne } from '../db/write/bulk-upsert.ts';
import { lockRows, transact } from '../db/write/transact.ts';
import { changedAt, differs, keep } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { instant, name, parseInput, pastInstant } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import { refused, type UpsertResult } from '../lib/upsert-result.ts';
import { checkVersion, expectedVersion } from '../lib/versions.ts';
import { checkContact } from './contact-check.ts';
import { storedStatus } from './status.ts';

const followUpInput = z.strictObject({
  key: entityKey('FollowUp').nullish(),
  customer: customerKeyInput.nullish(),
  kind: z.enum(FollowUpKind).nullish(),
  text: name(1_000).nullish(),
  dueAt: instant().nullish(),
  channel: z.enum(InteractionChannel).nullish(),
  purpose: z.enum(Purpose).nullish(),
  case: entityKey('Case').nullish(),
  order: entityKey('Order').nullish(),
  interaction: entityKey('Interaction').nullish(),
  madeAt: pastInstant().nullish(),
  madeByKind: z.enum(ActorKind).nullish(),
  madeByName: name().nullish(),
  completedAt: pastInstant().nullish(),
  canceledAt: pastInstant().nullish(),
  changedAt: pastInstant().nullish(),
  expectedVersion,
});

type FollowUpInput = z.output<typeof followUpInput>;
type Key = NonNullable<FollowUpInput['key']>;

/** Schedules a follow-up or promise, or changes the one identified by `key`. */
export function scheduleFollowUp(db: Db, input: unknown): Promise<UpsertResult> {
  return writeOne(db, followUpWriter, input);
}

export const followUpWriter: BulkWriter<FollowUpInput> = {
  parse: (input) => parseInput(followUpInput, input),
  ...oneByOne(writeFollowUp),
};

/** Completes a follow-up or keeps a promise. Returns NOOP if it is completed, and fails with CONFLICT if canceled. */
export async function completeFollowUp(db: Db, input: unknown): Promise<UpsertResult> {
  const { key, completedAt, expectedVersion: expected } = parseInput(completion, input);
  return close(db, key, expected, { completedAt: completedAt ?? new Date() });
}

/** Cancels a follow-up or promise. Returns NOOP if it is canceled, and fails with CONFLICT if completed. */
export async function cancelFollowUp(db: Db, input: unknown): Promise<UpsertResult> {
  const { key, canceledAt, expectedVersion: expected } = parseInput(cancellation, input);
  return close(db, key, expected, { canceledAt: canceledAt ?? new Date() });
}

const closing = { key: entityKey('FollowUp'), expectedVersion };
const completion = z.strictObject({ ...closing, completedAt: pastInstant().nullish() });
const cancellation = z.strictObject({ ...closing, canceledAt: pastInstant().nullish() });

async function close(
  db: Db,
  key: Key,
  expected: FollowUpInput['expectedVersion'],
  at: { completedAt: Date } | { canceledAt: Date },
): Promise<UpsertResult> {
  return transact(db, async (tx) => {
    const stored = await readFollowUp(tx, key);
    if (!stored) throw noFollowUp();
    checkVersion(expected, stored);
    const [before, other] =
      'completedAt' in at ? [stored.completedAt, stored.canceledAt] : [stored.canceledAt, stored.completedAt];
    if (other) throw closedError(stored);
    if (before) return { id: stored.id, outcome: 'NOOP' };
    return writeFollowUp(tx, { key: { id: stored.id }, ...at });
  });
}

function noFollowUp(): DomainError {
  return new DomainError('NOT_FOUND', 'No follow-up has this key. Check the ID or external ID.', { field: ['key'] });
}

function closedError({ canceledAt }: FollowUpModel): DomainError {
  const done = canceledAt ? 'canceled' : 'completed';
  return new DomainError(
    'CONFLICT',
    `The follow-up was ${done}. To change that, send \`${done}At: null\` with \`scheduleFollowUp\`.`,
    { field: ['key'] },
  );
}

async function writeFollowUp(tx: Tx, input: FollowUpInput): Promise<UpsertResult> {
  const { workspaceId } = tx;
  const stored = input.key ? await readFollowUp(tx, input.key) : null;
  if (!stored && input.key?.id) throw noFollowUp();
  checkVersion(input.expectedVersion, stored);
  const [customerId] = await resolveCustomers(tx, [input.customer], 'customer');
  const [caseId] = await resolveEntities(tx, 'Case', [input.case], 'case');
  const [orderId] = await resolveEntities(tx, 'Order', [input.order], 'order');
  const [interactionId] = await resolveEntities(tx, 'Interaction', [input.interaction], 'interaction');
  if (refused(customerId)) throw customerId;
  if (refused(caseId)) throw caseId;
  if (refused(orderId)) throw orderId;
  if (refused(interactionId)) throw interactionId;

  const now = new Date();
  const references = {
    customerId: customerId ?? stored?.customerId,
    caseId: keep(input.case === undefined ? undefined : caseId, stored?.caseId),
    orderId: keep(input.order === undefined ? undefined : orderId, stored?.orderId),
    interactionId: keep(input.interaction === undefined ? undefined : interactionId, stored?.interactionId),
  };
  const row = followUpRow(input, references, stored, now);
  if (isToBeChecked(row, stored, now)) await checkContact(tx, row);
  const id = stored?.id ?? newId();
  if (!stored) {
    const named = externalIdColumns(input.key?.externalId);
    await tx.followUp.create({ data: { workspaceId, id, ...named, ...row, createdAt: now, updatedAt: now } });
    return { id, outcome: 'CREATED' };
  }
  if (!differs(row, stored)) return { id, outcome: 'NOOP' };
  // A follow-up that is closed changes at that time, unless the input has `changedAt`.
  const closedAt = stored.status === 'OPEN' ? (row.canceledAt ?? row.completedAt) : null;
  const changed = { changedAt: changedAt(stored.changedAt, input.changedAt ?? closedAt, now), updatedAt: now };
  await tx.followUp.update({ where: { workspaceId_id: { workspaceId, id } }, data: { ...row, ...changed } });
  return { id, outcome: 'UPDATED' };
}

type References = Pick<FollowUpModel, 'caseId' | 'orderId' | 'interactionId'> & { customerId: string | undefined };

function followUpRow(
  input: FollowUpInput,
  { customerId, ...references }: References,
  stored: FollowUpModel | null,
  now: Date,
) {
  const wording = input.text ?? stored?.text;
  const dueAt = input.dueAt ?? stored?.dueAt;
  if (!customerId) throw invalid('A new follow-up requires a `customer`.', 'customer');
  if (!wording) throw invalid('A new follow-up requires a `text`.', 'text');
  if (!dueAt) throw invalid('A new follow-up requires `dueAt`.', 'dueAt');
  const completedAt = keep(input.completedAt, stored?.completedAt);
  const canceledAt = keep(input.canceledAt, stored?.canceledAt);
  if (completedAt && canceledAt)
    throw invalid('A follow-up is either completed or canceled. Send `null` for the other time.', 'canceledAt');
  const madeAt = input.madeAt ?? stored?.madeAt ?? now;
  if (!stored && !input.madeAt && !completedAt && !canceledAt && dueAt <= now)
    throw invalid('Must be in the future. For a record of the past, also send `madeAt`.', 'dueAt');
  if (completedAt && completedAt < madeAt) throw invalid('Must not be before `madeAt`.', 'completedAt');
  if (canceledAt && canceledAt < madeAt) throw invalid('Must not be before `madeAt`.', 'canceledAt');
  return {
    customerId,
    ...references,
    kind: input.kind ?? stored?.kind ?? 'FOLLOW_UP',
    text: wording,
    dueAt,
    channel: keep(input.channel, stored?.channel),
    purpose: input.purpose ?? stored?.purpose ?? 'SUPPORT',
    madeAt,
    madeByKind: input.madeByKind ?? stored?.madeByKind ?? 'STAFF',
    madeByName: keep(input.madeByName, stored?.madeByName),
    completedAt,
    canceledAt,
    status: storedStatus(dueAt, completedAt, canceledAt),
  };
}

type Row = ReturnType<typeof followUpRow>;

// A follow-up means contact, and so does a promise with a channel. Past times are history, which no rule can change.
function isToBeChecked(row: Row, stored: FollowUpModel | null, now: Date): boolean {
  const needsContact = row.kind === 'FOLLOW_UP' || row.channel !== null;
  if (!needsContact || row.status !== 'OPEN' || row.dueAt <= now) return false;
  const { kind, dueAt, channel, purpose, customerId, status } = row;
  return !stored || differs({ kind, dueAt, channel, purpose, customerId, status }, stored);
}

async function readFollowUp(tx: Tx, key: Key): Promise<FollowUpModel | null> {
  const [id] = await findEntities(tx, 'FollowUp', [key]);
  if (!id) return null;
  await lockRows(tx, 'FollowUp', [id]);
  const where = { workspaceId_id: { workspaceId: tx.workspaceId, id } };
  const stored = await tx.followUp.findUnique({ where, include: { customer: { select: { status: true } } } });
  // A follow-up of a customer who is being erased may still exist. It must not be changed.
  if (stored?.customer.status === 'ERASED') throw erasedError('key');
  return stored;
}
