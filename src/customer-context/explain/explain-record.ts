import type { Db } from '../../db/database.ts';
import { eventTimes } from '../../db/event-times.ts';
import type { PreferenceOrigin } from '../../db/generated/prisma/enums.ts';
import { encodeId, type IdType } from '../../lib/ids.ts';
import { formatAmount } from '../../lib/money.ts';
import { decisionsSql } from '../../preferences/consents/decisions.ts';
import { stateAt } from '../../preferences/in-force.ts';
import type { Explanation, FactInput, Show, Values } from './explain.ts';

type Row = Values & { id: string; customerId: string; origin?: PreferenceOrigin };

type PreferenceRow = Row & Parameters<typeof stateAt>[0];

type Recorded = {
  scope: string;
  /** Columns of the value. They leave personal data to `node(id:)`, which masks it where needed. */
  says: string[];
  /** Computes the current status if it depends on the clock. */
  status?: (row: Row) => string;
  amount?: string;
  method?: string;
  inputs?: (db: Db, row: Row) => Promise<FactInput[]>;
};

// Column with the time since which the fact is true.
const times: Partial<Record<IdType, string>> = { ...eventTimes, Customer: 'updatedAt' };

const records: Partial<Record<IdType, Recorded>> = {
  Customer: { scope: 'customers:read', says: ['status', 'createdAt'] },
  Order: {
    scope: 'orders:read',
    says: ['number', 'placedAt', 'status', 'paymentStatus', 'currencyCode'],
    amount: 'total',
  },
  Return: {
    scope: 'orders:read',
    says: ['kind', 'occurredAt', 'status', 'currencyCode'],
    amount: 'refundAmount',
  },
  Case: { scope: 'cases:read', says: ['number', 'kind', 'status', 'priority', 'openedAt'] },
  Interaction: {
    scope: 'interactions:read',
    says: ['channel', 'direction', 'kind', 'actorKind', 'occurredAt'],
  },
  SurveyResponse: { scope: 'feedback:read', says: ['kind', 'rating', 'respondedAt'] },
  Consent: {
    scope: 'preferences:read',
    says: ['channel', 'purpose', 'status', 'capturedAt', 'expiresAt'],
    method:
      'Takes the latest decision for the channel and purpose. A withdrawal wins over consent at the same instant, ' +
      'and over consent dated later than it was recorded.',
    inputs: decisionsOf,
  },
  Preference: {
    scope: 'preferences:read',
    says: ['key', 'valueType', 'values', 'status', 'doNotUse', 'validFrom', 'validUntil', 'endedAt'],
    status: preferenceState,
    method:
      'Compares the values of the key that have started. STATED beats OBSERVED, and OBSERVED beats INFERRED. Within ' +
      'one origin, the newer value wins.',
    inputs: othersOf,
  },
};

export function scopeOfRecord(type: IdType): string | null {
  return records[type]?.scope ?? null;
}

/** Explains a record by its columns. Inputs are its source, a consent's decisions, and a preference's other values. */
export async function explainRecord(db: Db, type: IdType, id: string, show: Show): Promise<Explanation | null> {
  const recorded = records[type];
  if (!recorded) return null;
  const [row] = await db.read<Row>({
    text: `SELECT * FROM "${type}" WHERE "workspaceId" = $1::uuid AND "id" = $2::uuid`,
    values: [db.workspaceId, id],
  });
  if (!row || row.status === 'ERASED') return null;
  const { says, amount, status, method, inputs: inputsOf } = recorded;
  const told = amount && { [amount]: formatAmount(String(row[amount]), String(row.currencyCode)) };
  const owner = type === 'Customer' ? id : row.customerId;
  const shown = (values: Values) =>
    Object.fromEntries(Object.entries(values).map(([name, each]) => [name, show(owner, type, name, each)]));
  const inputs = [...sourceOf(row, shown), ...((await inputsOf?.(db, row)) ?? [])];
  return {
    kind: row.origin ?? 'STORED',
    value: { ...shown(pick(row, says)), ...told, ...(status && { status: status(row) }) },
    method: method ?? 'Reads the value from the stored record.',
    version: Number(row.version ?? 1),
    inputs,
    numberOfInputs: inputs.length,
    at: row[times[type] ?? ''] as Date,
    confidence: Number(row.confidence ?? 1),
  };
}

function sourceOf({ source, externalId = null }: Values, shown: (values: Values) => Values): FactInput[] {
  return source == null ? [] : [{ name: 'source', id: null, value: shown({ source, externalId }) }];
}

async function decisionsOf(db: Db, { customerId, channel, purpose }: Row): Promise<FactInput[]> {
  const decisions = await db.read<Row>({
    text: `SELECT "id", "status", "capturedAt", "expiresAt" FROM "ConsentEvent" WHERE "workspaceId" = $1::uuid AND "customerId" = $2::uuid
      AND "channel" = $3::"InteractionChannel" AND "purpose" = $4::"ConsentPurpose" ORDER BY ${decisionsSql('"ConsentEvent"').order} LIMIT ${most}`,
    values: [db.workspaceId, customerId, channel, purpose],
  });
  return decisions.map(({ id, ...value }) => ({ name: 'decision', id: encodeId('ConsentEvent', id), value }));
}

async function othersOf(db: Db, { id, customerId, key }: Row): Promise<FactInput[]> {
  const others = await db.read<Row>({
    text: `SELECT "id", "values", "origin", "status", "validFrom", "validUntil", "endedAt" FROM "Preference" WHERE "workspaceId" = $1::uuid AND "customerId" = $2::uuid
      AND "key" = $3 AND "id" <> $4::uuid ORDER BY "validFrom" DESC, "id" DESC LIMIT ${most}`,
    values: [db.workspaceId, customerId, key, id],
  });
  return others.map((other) => ({
    name: 'preference',
    id: encodeId('Preference', other.id),
    value: { ...pick(other, ['values', 'origin', 'validFrom', 'endedAt']), status: preferenceState(other) },
  }));
}

function preferenceState(row: Row): string {
  return stateAt(row as PreferenceRow, new Date());
}

function pick(row: Row, names: string[]): Values {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

const most = 100;
