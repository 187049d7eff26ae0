import { z } from 'zod';
import { DomainError } from '../lib/errors.ts';
import { idOf, name, oneLine } from '../lib/fields.ts';
import type { IdType } from '../lib/ids.ts';
import type { Statements } from './statements.ts';

/** The types that another system may have named: their tables have `source` and `externalId`. */
export type KeyedType = Extract<
  IdType,
  'Product' | 'Location' | 'Order' | 'Payment' | 'Fulfillment' | 'Return' | 'Interaction' | 'Case' | 'SurveyResponse'
>;

export type EntityKey = {
  id?: string | null | undefined;
  externalId?: { source: string; value: string } | null | undefined;
};

/** What another system calls a thing. */
export const externalIdInput = z.strictObject({
  // Stands before the value where the two are one text.
  source: oneLine(100),
  value: name(300),
});

/** How anything refers to a thing of this type: by our id, or by another system's. */
export function entityKey(type: KeyedType) {
  return z
    .strictObject({
      id: idOf(type).nullish(),
      externalId: externalIdInput.nullish(),
    })
    .refine((key) => Boolean(key.id) !== Boolean(key.externalId), 'Give exactly one of id, externalId.');
}

/** The columns of a new row that keep what another system calls it. */
export function externalIdColumns(externalId: EntityKey['externalId']) {
  return { source: externalId?.source ?? null, externalId: externalId?.value ?? null };
}

function entityKeyText({ id, externalId }: EntityKey): string {
  return externalId ? `${externalId.source}\n${externalId.value}` : `${id}`;
}

/** The ids that keys stand for, in their order; null where there is no key, or no such thing. One statement at most. */
export async function findEntities(
  tx: Statements,
  type: KeyedType,
  keys: (EntityKey | null | undefined)[],
): Promise<(string | null)[]> {
  const wanted = new Map<string, EntityKey>();
  const texts = keys.map((key) => {
    if (!key) return null;
    const text = entityKeyText(key);
    wanted.set(text, key);
    return text;
  });
  if (wanted.size === 0) return keys.map(() => null);

  const externals = [...wanted.values()].flatMap(({ externalId }) => externalId ?? []);
  const ids = [...wanted.values()].flatMap(({ id }) => id ?? []);
  // LATERAL with LIMIT: one index look-up for each key. Left to choose, the planner reads every external id of the
  // source wherever it has no statistics yet, as in a first import.
  const text = `SELECT wanted."source" || E'\\n' || wanted."value" AS key, found."id"::text AS id
    FROM unnest($2::text[], $3::text[]) AS wanted("source", "value") CROSS JOIN LATERAL (SELECT "id" FROM "${type}"
      WHERE "workspaceId" = $1::uuid AND "source" = wanted."source" AND "externalId" = wanted."value" LIMIT 1) found
    UNION ALL SELECT "id"::text, "id"::text FROM "${type}" WHERE "workspaceId" = $1::uuid AND "id" = ANY ($4::uuid[])`;
  const [sources, values] = [externals.map(({ source }) => source), externals.map(({ value }) => value)];
  const rows = await tx.query<{ key: string; id: string }>({ text, values: [tx.workspaceId, sources, values, ids] });
  const found = new Map(rows.map(({ key, id }) => [key, id]));
  return texts.map((text) => (text === null ? null : (found.get(text) ?? null)));
}

/** What an item with a key is about: our id where it is known, else what it is called. Without a key it is new. */
export type Identified<Item> = { input: Item; id: string | null; keys: string[] };

export async function identifyByKey<Item extends { key?: EntityKey | null | undefined }>(
  tx: Statements,
  type: KeyedType,
  items: Item[],
): Promise<Identified<Item>[]> {
  const ids = await findEntities(
    tx,
    type,
    items.map(({ key }) => key),
  );
  return items.map((input, i) => {
    const id = ids[i] ?? null;
    return { input, id, keys: input.key ? [id ?? entityKeyText(input.key)] : [] };
  });
}

/** As `findEntities`, but a key that stands for nothing is a refusal for its item. */
export async function resolveEntities(
  tx: Statements,
  type: KeyedType,
  keys: (EntityKey | null | undefined)[],
  ...field: (string | number)[]
): Promise<(string | null | DomainError)[]> {
  const found = await findEntities(tx, type, keys);
  return keys.map((key, i) => {
    if (!key) return null;
    return found[i] ?? new DomainError('NOT_FOUND', `No such ${type.toLowerCase()}.`, { field });
  });
}
