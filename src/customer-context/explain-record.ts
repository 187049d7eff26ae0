import type { Db } from '../db/database.ts';
import type { PreferenceOrigin } from '../db/generated/prisma/enums.ts';
import { encodeId, type IdType } from '../lib/ids.ts';
import { formatAmount } from '../lib/money.ts';
import type { Explanation, FactInput, Values } from './explain.ts';

type Row = Values & { id: string; customerId: string; origin?: PreferenceOrigin };

type Recorded = {
  scope: string;
  /** The column that says when it came to be so. */
  at: string;
  /** The columns of its value; what may be personal is for the record itself to show, or to mask. */
  says: string[];
  amount?: string;
  method?: string;
  inputs?: (db: Db, row: Row) => Promise<FactInput[]>;
};

const records: Partial<Record<IdType, Recorded>> = {
  Customer: { scope: 'customers:read', at: 'updatedAt', says: ['status', 'createdAt'] },
  Order: {
    scope: 'orders:read',
    at: 'placedAt',
    says: ['number', 'placedAt', 'status', 'paymentStatus', 'currencyCode'],
    amount: 'total',
  },
  Return: {
    scope: 'orders:read',
    at: 'occurredAt',
    says: ['kind', 'occurredAt', 'status', 'currencyCode'],
    amount: 'refundAmount',
  },
  Case: { scope: 'cases:read', at: 'openedAt', says: ['number', 'kind', 'status', 'priority', 'openedAt'] },
  Interaction: {
    scope: 'interactions:read',
    at: 'occurredAt',
    says: ['channel', 'direction', 'kind', 'actorKind', 'occurredAt'],
  },
  SurveyResponse: { scope: 'feedback:read', at: 'respondedAt', says: ['kind', 'rating', 'respondedAt'] },
  Consent: {
    scope: 'preferences:read',
    at: 'capturedAt',
    says: ['channel', 'purpose', 'status', 'capturedAt', 'expiresAt'],
    method: 'The decision captured last for that channel and purpose.',
    inputs: decisionsOf,
  },
  Preference: {
    scope: 'preferences:read',
    at: 'validFrom',
    says: ['key', 'valueType', 'values', 'status', 'doNotUse', 'validFrom', 'validUntil', 'endedAt'],
    method:
      'Of all that is known of the key, what is STATED beats what is OBSERVED, that what is INFERRED, and the newer the older.',
    inputs: othersOf,
  },
};

export function scopeOfRecord(type: IdType): string | null {
  return records[type]?.scope ?? null;
}

/** A record says itself what it says; where it came from, and what it took the place of, are its inputs. */
export async function explainRecord(db: Db, type: IdType, id: string): Promise<Explanation | null> {
  const recorded = records[type];
  if (!recorded) return null;
  const [row] = await db.read<Row>({
    text: `SELECT * FROM "${type}" WHERE "workspaceId" = $1::uuid AND "id" = $2::uuid`,
    values: [db.workspaceId, id],
  });
  if (!row || row.status === 'ERASED') return null;
  const { says, at, amount, method, inputs: inputsOf } = recorded;
  const told = amount && { [amount]: formatAmount(String(row[amount]), String(row.currencyCode)) };
  const inputs = [...sourceOf(row), ...((await inputsOf?.(db, row)) ?? [])];
  return {
    kind: row.origin ?? 'STORED',
    value: { ...Object.fromEntries(says.map((name) => [name, row[name]])), ...told },
    method: method ?? 'As the record says.',
    version: Number(row.version ?? 1),
    inputs,
    numberOfInputs: inputs.length,
    at: row[at] as Date,
    confidence: Number(row.confidence ?? 1),
  };
}

function sourceOf({ source, externalId = null }: Values): FactInput[] {
  return source == null ? [] : [{ name: 'source', id: null, value: { source, externalId } }];
}

async function decisionsOf(db: Db, { customerId, channel, purpose }: Row): Promise<FactInput[]> {
  const decisions = await db.read<Row>({
    text: `SELECT "id", "status", "capturedAt", "expiresAt" FROM "ConsentEvent" WHERE "workspaceId" = $1::uuid AND "customerId" = $2::uuid
      AND "channel" = $3::"InteractionChannel" AND "purpose" = $4::"ConsentPurpose" ORDER BY "capturedAt" DESC, "id" DESC LIMIT ${most}`,
    values: [db.workspaceId, customerId, channel, purpose],
  });
  return decisions.map(({ id, ...value }) => ({ name: 'decision', id: encodeId('ConsentEvent', id), value }));
}

async function othersOf(db: Db, { id, customerId, key }: Row): Promise<FactInput[]> {
  const others = await db.read<Row>({
    text: `SELECT "id", "values", "origin", "status", "validFrom", "endedAt" FROM "Preference" WHERE "workspaceId" = $1::uuid AND "customerId" = $2::uuid
      AND "key" = $3 AND "id" <> $4::uuid ORDER BY "validFrom" DESC, "id" DESC LIMIT ${most}`,
    values: [db.workspaceId, customerId, key, id],
  });
  return others.map(({ id, ...value }) => ({ name: 'preference', id: encodeId('Preference', id), value }));
}

const most = 100;
