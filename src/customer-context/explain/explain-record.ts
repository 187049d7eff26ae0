import type { Db } from '../../db/database.ts';
import type { FactInput, FactRule, Values } from '../../db/fact-rule.ts';
import type { IdType } from '../../lib/ids.ts';
import { formatAmount } from '../../lib/money.ts';
import { tableOf } from '../../lib/tables.ts';
import { factRules } from '../generated/fact-rules.ts';
import type { Explanation, Show } from './explanation.ts';

type Row = Values & { id: string; customerId: string; origin?: Explanation['kind'] };

const rules: Record<string, FactRule> = factRules;

export function scopeOfRecord(type: IdType): string | null {
  const table = tableOf(type);
  return table?.fact ? table.scope : null;
}

/** Explains a record by its columns, its source, and the rule of its table. */
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

function pick(row: Row, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}
