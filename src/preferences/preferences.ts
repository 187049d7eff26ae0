import * as z from 'zod';
import { customerKeyInput, resolveCustomer } from '../customers/identity/keys.ts';
import type { Db, Tx } from '../db/database.ts';
import { Prisma } from '../db/generated/prisma/client.ts';
import { PreferenceOrigin, PreferenceValueType } from '../db/generated/prisma/enums.ts';
import type { PreferenceModel } from '../db/generated/prisma/models.ts';
import { type BulkWriter, oneByOne, writeOne } from '../db/write/bulk-upsert.ts';
import { lockRows, transact } from '../db/write/transact.ts';
import { canonical, keep } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { instant, json, listOf, name, parseInput, text } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import type { UpsertResult } from '../lib/upsert-result.ts';
import { change, endAll, openProposals, readHistory, settle } from './history.ts';
import { isProposal, stateAt } from './in-force.ts';
import { openValues, succession } from './succession.ts';
import { allowedValue, isSameValue, type PreferenceValue, preferenceValueInput } from './values.ts';

const preferenceKey = name(100).refine(
  (key) => /^[\w.-]+$/.test(key),
  'Must contain only letters, digits, dots, dashes and underscores.',
);

const preferenceInput = z.strictObject({
  customer: customerKeyInput,
  key: preferenceKey,
  value: preferenceValueInput,
  origin: z.enum(PreferenceOrigin),
  confidence: z.number().min(0).max(1).nullish(),
  isProposed: z.boolean().nullish(),
  doNotUse: z.boolean().nullish(),
  source: text(300).nullish(),
  evidence: json.nullish(),
  validFrom: instant().nullish(),
  validUntil: instant().nullish(),
});

type PreferenceInput = z.output<typeof preferenceInput>;

/** Records a preference. It takes effect unless a stronger or newer value is in force. The history is always kept. */
export function setPreference(db: Db, input: unknown): Promise<UpsertResult> {
  return writeOne(db, preferenceWriter, input);
}

export const preferenceWriter: BulkWriter<PreferenceInput> = {
  parse: (input) => parseInput(preferenceInput, input),
  ...oneByOne(writePreference),
};

const retractedInput = z.strictObject({ customer: customerKeyInput, key: preferenceKey });

/** Ends the value in force and the scheduled values, without a replacement. */
export async function retractPreference(db: Db, input: unknown): Promise<UpsertResult> {
  const { customer, key } = parseInput(retractedInput, input);
  return transact(db, async (tx) => {
    const customerId = await resolveCustomer(tx, customer, 'customer');
    await lockRows(tx, 'Customer', [customerId]);
    const now = new Date();
    const open = openValues(await readHistory(tx, customerId, key), now);
    const [first] = open;
    if (!first)
      throw new DomainError('NOT_FOUND', 'No preference with this key is in force or scheduled.', { field: ['key'] });
    for (const { id } of open) await change(tx, id, { status: 'RETRACTED', endedAt: now });
    return { id: first.id, outcome: 'UPDATED' };
  });
}

const definitionInput = z.strictObject({
  key: preferenceKey,
  label: name().nullish(),
  valueType: z.enum(PreferenceValueType),
  allowedValues: listOf(allowedValue, 500).nullish(),
  isSensitive: z.boolean().nullish(),
});

/** Defines a key for the workspace. From then on, values must have this type and be among the allowed ones, if any. */
export async function definePreference(db: Db, input: unknown): Promise<{ key: string }> {
  const { key, label, valueType, allowedValues, isSensitive } = parseInput(definitionInput, input);
  const { workspaceId } = db;
  const now = new Date();
  const said = {
    label: label ?? key,
    valueType,
    allowedValues: allowedValues ?? [],
    isSensitive: isSensitive ?? false,
    updatedAt: now,
  };
  return transact(db, (tx) =>
    tx.preferenceDefinition.upsert({
      where: { workspaceId_key: { workspaceId, key } },
      create: { workspaceId, key, ...said, createdAt: now },
      update: said,
      select: { key: true },
    }),
  );
}

async function writePreference(tx: Tx, wanted: PreferenceInput): Promise<UpsertResult> {
  const { workspaceId } = tx;
  const { key, value, origin } = wanted;
  const now = new Date();
  await checkDefinition(tx, key, value);
  const customerId = await resolveCustomer(tx, wanted.customer, 'customer');
  await lockRows(tx, 'Customer', [customerId]);

  const history = await readHistory(tx, customerId, key);
  const known = history.find((each) => (wanted.isProposed ? answers : holds)(each, wanted, now));
  if (known) return { id: known.id, outcome: 'NOOP' };

  const validFrom = wanted.validFrom ?? now;
  const next = wanted.isProposed ? null : succession({ origin, validFrom }, history, now);
  const isWithoutEffect = next?.status === 'SUPERSEDED' && next.endedAt !== null && next.endedAt <= validFrom;
  const lost =
    isWithoutEffect && !wanted.validFrom && history.find((each) => isAccepted(each) && saysTheSame(each, wanted));
  if (lost) return { id: lost.id, outcome: 'NOOP' };
  // A repeated value is a NOOP even after it expired. A new value that has already expired would end the one in force
  // without ever taking effect.
  if (wanted.validUntil && wanted.validUntil <= validFrom)
    throw invalid('Must be after `validFrom`, which defaults to now.', 'validUntil');

  const proposals = next && !isWithoutEffect && validFrom <= now ? proposalsAnswered(history, wanted, validFrom) : [];
  const proposal = proposals.find((each) => saysValue(each, wanted));
  const inForce = history.find((each) => stateAt(each, now) === 'ACTIVE' && saysValue(each, wanted));
  const evidence = keep(wanted.evidence, (proposal ?? inForce)?.evidence);
  const row = {
    ...value,
    origin,
    confidence: wanted.confidence ?? 1,
    status: next?.status ?? ('PROPOSED' as const),
    doNotUse: wanted.doNotUse ?? false,
    source: keep(wanted.source, (proposal ?? inForce)?.source),
    evidence: evidence ?? Prisma.DbNull,
    validFrom,
    validUntil: wanted.validUntil ?? null,
    endedAt: next?.endedAt ?? null,
  };
  if (next) await endAll(tx, next);
  await settle(
    tx,
    proposals.filter((each) => each !== proposal),
    row,
    now,
  );
  if (proposal) {
    await change(tx, proposal.id, row);
    return { id: proposal.id, outcome: 'UPDATED' };
  }
  const id = newId();
  await tx.preference.create({ data: { workspaceId, id, customerId, key, ...row, createdAt: now } });
  return { id, outcome: 'CREATED' };
}

async function checkDefinition(tx: Tx, key: string, { valueType, values }: PreferenceValue): Promise<void> {
  const definition = await tx.preferenceDefinition.findUnique({
    where: { workspaceId_key: { workspaceId: tx.workspaceId, key } },
  });
  if (!definition) return;
  if (definition.valueType !== valueType)
    throw invalid(`\`${key}\` requires a ${definition.valueType} (got a ${valueType}).`, 'value');
  const { allowedValues } = definition;
  const stray = allowedValues.length > 0 ? values.find((value) => !allowedValues.includes(value)) : undefined;
  if (stray !== undefined) throw invalid(`Must be one of: ${allowedValues.join(', ')}.`, 'value');
}

// Whether a stored value matches the input. Without `validFrom`, the input is about now.
function holds(stored: PreferenceModel, wanted: PreferenceInput, now: Date): boolean {
  if (!isAccepted(stored) || !saysTheSame(stored, wanted)) return false;
  if (wanted.validFrom) return isSameInstant(stored.validFrom, wanted.validFrom);
  return ['ACTIVE', 'EXPIRED'].includes(stateAt(stored, now));
}

// Whether there is nothing to propose: the same proposal is open or was decided, or the value is in force anyway.
function answers(stored: PreferenceModel, wanted: PreferenceInput, now: Date): boolean {
  const { status, endedAt } = stored;
  if (status === 'PROPOSED')
    return saysTheSame(stored, wanted) && (!wanted.validFrom || isSameInstant(stored.validFrom, wanted.validFrom));
  if (!saysValue(stored, wanted)) return false;
  if (status === 'REJECTED' && !wanted.validFrom) return true;
  return endedAt === null || endedAt > (wanted.validFrom ?? now);
}

// A statement settles all proposals made before it. An observation or inference settles only those of the same value.
function proposalsAnswered(history: PreferenceModel[], wanted: PreferenceInput, from: Date): PreferenceModel[] {
  return openProposals(history, from).filter((each) => wanted.origin === 'STATED' || saysValue(each, wanted));
}

function isAccepted({ status }: PreferenceModel): boolean {
  return !isProposal(status);
}

function saysTheSame(stored: PreferenceModel, wanted: PreferenceInput): boolean {
  return (
    saysValue(stored, wanted) &&
    stored.origin === wanted.origin &&
    Number(stored.confidence) === (wanted.confidence ?? 1) &&
    isSameInstant(stored.validUntil, wanted.validUntil ?? null) &&
    (wanted.source === undefined || stored.source === wanted.source) &&
    (wanted.evidence === undefined || canonical(stored.evidence) === canonical(wanted.evidence))
  );
}

function saysValue(stored: PreferenceModel, { value, doNotUse }: PreferenceInput): boolean {
  return isSameValue(stored, value) && stored.doNotUse === (doNotUse ?? false);
}

function isSameInstant(a: Date | null, b: Date | null): boolean {
  return a?.getTime() === b?.getTime();
}
