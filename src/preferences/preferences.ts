import { z } from 'zod';
import { customerKeyInput, resolveCustomer } from '../customers/keys.ts';
import type { Db, Tx } from '../db/database.ts';
import { PreferenceOrigin, PreferenceValueType } from '../db/generated/prisma/enums.ts';
import type { PreferenceModel } from '../db/generated/prisma/models.ts';
import { lockRows, transact } from '../db/transact.ts';
import { oneByOne, type Writer, writeOne } from '../db/writer.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { instant, json, name, parseInput, text } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import type { Written } from '../lib/written.ts';
import { type PreferenceValue, preferenceValueInput } from './values.ts';

const preferenceKey = name(100).refine(
  (key) => /^[\w.-]+$/.test(key),
  'Is not letters, digits, dots, dashes and underscores.',
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

/** Records what somebody likes. It comes into force unless a stronger or newer value holds; history stays either way. */
export function setPreference(db: Db, input: unknown): Promise<Written> {
  return writeOne(db, preferenceWriter, input);
}

export const preferenceWriter: Writer<PreferenceInput> = {
  parse: (input) => parseInput(preferenceInput, input),
  ...oneByOne(writePreference),
};

/** Ends the value in force; nothing takes its place. */
export async function retractPreference(db: Db, input: unknown): Promise<Written> {
  const { customer, key } = parseInput(z.strictObject({ customer: customerKeyInput, key: preferenceKey }), input);
  return transact(db, async (tx) => {
    const customerId = await resolveCustomer(tx, customer, 'customer');
    await lockRows(tx, 'Customer', [customerId]);
    const active = await tx.preference.findFirst({
      where: { workspaceId: tx.workspaceId, customerId, key, status: 'ACTIVE' },
    });
    if (!active) throw new DomainError('NOT_FOUND', 'No such preference is in force.', { field: ['key'] });
    await end(tx, active.id, 'RETRACTED', new Date());
    return { id: active.id, outcome: 'UPDATED' };
  });
}

const definitionInput = z.strictObject({
  key: preferenceKey,
  label: name().nullish(),
  valueType: z.enum(PreferenceValueType),
  allowedValues: z.array(name()).max(500).nullish(),
  isSensitive: z.boolean().nullish(),
});

/** Names a key for the workspace: from now on its values must be of this type, and among these where any are listed. */
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

async function writePreference(tx: Tx, wanted: PreferenceInput): Promise<Written> {
  const { workspaceId } = tx;
  const { key, value, origin } = wanted;
  const now = new Date();
  if (wanted.validFrom && wanted.validUntil && wanted.validUntil <= wanted.validFrom)
    throw invalid('Must be after validFrom.', 'validUntil');
  await checkDefinition(tx, key, value);
  const customerId = await resolveCustomer(tx, wanted.customer, 'customer');
  await lockRows(tx, 'Customer', [customerId]);

  const history = await tx.preference.findMany({
    where: { workspaceId, customerId, key },
    orderBy: { createdAt: 'desc' },
  });
  const active = history.find(({ status }) => status === 'ACTIVE') ?? null;
  const known = history.find(
    (each) =>
      saysTheSame(each, wanted) &&
      (wanted.validFrom
        ? each.validFrom.getTime() === wanted.validFrom.getTime()
        : each === active || each.status === 'PROPOSED'),
  );
  if (known) return { id: known.id, outcome: 'NOOP' };

  const validFrom = wanted.validFrom ?? now;
  const status = wanted.isProposed
    ? 'PROPOSED'
    : !active || beats({ origin, validFrom }, active, now)
      ? 'ACTIVE'
      : 'SUPERSEDED';
  if (status === 'ACTIVE' && active) await end(tx, active.id, 'SUPERSEDED', validFrom);
  const id = newId();
  await tx.preference.create({
    data: {
      workspaceId,
      id,
      customerId,
      key,
      ...value,
      origin,
      confidence: wanted.confidence ?? 1,
      status,
      doNotUse: wanted.doNotUse ?? false,
      source: wanted.source ?? null,
      ...(wanted.evidence != null && { evidence: wanted.evidence }),
      validFrom,
      validUntil: wanted.validUntil ?? null,
      createdAt: now,
      // It held until the one that beats it did, if ever.
      endedAt: status === 'SUPERSEDED' && active ? latest(validFrom, active.validFrom) : null,
    },
  });
  return { id, outcome: 'CREATED' };
}

async function checkDefinition(tx: Tx, key: string, { valueType, values }: PreferenceValue): Promise<void> {
  const definition = await tx.preferenceDefinition.findUnique({
    where: { workspaceId_key: { workspaceId: tx.workspaceId, key } },
  });
  if (!definition) return;
  if (definition.valueType !== valueType) throw invalid(`${key} is defined as ${definition.valueType}.`, 'value');
  const { allowedValues } = definition;
  const stray = allowedValues.length > 0 ? values.find((value) => !allowedValues.includes(value)) : undefined;
  if (stray !== undefined) throw invalid(`${key} is one of ${allowedValues.join(', ')}.`, 'value');
}

const strength = { STATED: 3, OBSERVED: 2, INFERRED: 1 };

// Stated beats observed beats inferred; of equals the newer one holds. A value that has run out yields to any.
function beats(wanted: Pick<PreferenceModel, 'origin' | 'validFrom'>, active: PreferenceModel, now: Date): boolean {
  if (active.validUntil && active.validUntil <= now) return true;
  const advantage = strength[wanted.origin] - strength[active.origin];
  return advantage > 0 || (advantage === 0 && wanted.validFrom >= active.validFrom);
}

function saysTheSame(stored: PreferenceModel, wanted: PreferenceInput): boolean {
  return (
    stored.valueType === wanted.value.valueType &&
    stored.values.join('\n') === wanted.value.values.join('\n') &&
    stored.origin === wanted.origin &&
    Number(stored.confidence) === (wanted.confidence ?? 1) &&
    stored.doNotUse === (wanted.doNotUse ?? false) &&
    stored.validUntil?.getTime() === (wanted.validUntil ?? undefined)?.getTime() &&
    (stored.status === 'PROPOSED') === (wanted.isProposed ?? false)
  );
}

async function end(tx: Tx, id: string, status: 'SUPERSEDED' | 'RETRACTED', endedAt: Date): Promise<void> {
  const where = { workspaceId_id: { workspaceId: tx.workspaceId, id } };
  await tx.preference.update({ where, data: { status, endedAt } });
}

function latest(a: Date, b: Date): Date {
  return a > b ? a : b;
}
