import type { Db } from '../../db/database.ts';
import type { PreferenceOrigin } from '../../db/generated/prisma/enums.ts';
import { encodeId, type IdType } from '../../lib/ids.ts';
import { formatAmount } from '../../lib/money.ts';
import { tableOf } from '../../lib/tables.ts';
import { decisionsSql } from '../../preferences/consents/decisions.ts';
import { stateAt } from '../../preferences/in-force.ts';
import type { Explanation, FactInput, Show, Values } from './explain.ts';

type Row = Values & { id: string; customerId: string; origin?: PreferenceOrigin };

type PreferenceRow = Row & Parameters<typeof stateAt>[0];

/** What the manifest of a table cannot say about a fact, because it depends on other rows or on the clock. */
type Rule = {
  method: string;
  /** Computes the current status. */
  status?: (row: Row) => string;
  inputs: (db: Db, row: Row) => Promise<FactInput[]>;
};

const rules: Partial<Record<IdType, Rule>> = {
  Consent: {
    method:
      'Takes the latest decision for the channel and purpose. A withdrawal wins over consent at the same instant, ' +
      'and over consent dated later than it was recorded.',
    inputs: decisionsOf,
  },
  Preference: {
    status: preferenceState,
    method:
      'Compares the values of the key that have started. STATED beats OBSERVED, and OBSERVED beats INFERRED. Within ' +
      'one origin, the newer value wins.',
    inputs: othersOf,
  },
};

export function scopeOfRecord(type: IdType): string | null {
  const table = tableOf(type);
  return table?.fact ? table.scope : null;
}

/** Explains a record by its columns. Inputs are its source, a consent's decisions, and a preference's other values. */
export async function explainRecord(db: Db, type: IdType, id: string, show: Show): Promise<Explanation | null> {
  const { fact, time = 'updatedAt' } = tableOf(type) ?? {};
  if (!fact) return null;
  const [row] = await db.read<Row>({
    text: `SELECT * FROM "${type}" WHERE "workspaceId" = $1::uuid AND "id" = $2::uuid`,
    values: [db.workspaceId, id],
  });
  if (!row || row.status === 'ERASED') return null;
  const { columns, amount } = fact;
  const { status, method = 'Reads the value from the stored record.', inputs: inputsOf } = rules[type] ?? {};
  const told = amount && { [amount]: formatAmount(String(row[amount]), String(row.currencyCode)) };
  const owner = type === 'Customer' ? id : row.customerId;
  const shown = (values: Values) =>
    Object.fromEntries(Object.entries(values).map(([name, each]) => [name, show(owner, type, name, each)]));
  const inputs = [...sourceOf(row, shown), ...((await inputsOf?.(db, row)) ?? [])];
  return {
    kind: row.origin ?? 'STORED',
    value: { ...shown(pick(row, columns)), ...told, ...(status && { status: status(row) }) },
    method,
    version: Number(row.version ?? 1),
    inputs,
    numberOfInputs: inputs.length,
    at: row[time] as Date,
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

function pick(row: Row, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

const most = 100;
