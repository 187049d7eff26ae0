import * as z from 'zod';
import { DomainError } from '../lib/errors.ts';
import { idOf, name, oneLine } from '../lib/fields.ts';
import type { TableWith } from '../lib/tables.ts';
import { nounOf } from '../lib/text/nouns.ts';
import type { Statements } from './statements.ts';

/** Types that another system may have an ID for. Their tables have the columns `source` and `externalId`. */
export type KeyedType = TableWith<'hasExternalIds'>;

export type EntityKey = {
  id?: string | null | undefined;
  externalId?: { source: string; value: string } | null | undefined;
};

/** The ID of an entity in another system. */
export const externalIdInput = z.strictObject({
  // In `entityKeyText`, the source comes first, followed by a line break, so it must be a single line.
  source: oneLine(100),
  value: name(300),
});

/** Parses a reference to an entity of this type: either our ID or an external ID. */
export function entityKey(type: KeyedType) {
  return z
    .strictObject({
      id: idOf(type).nullish(),
      externalId: externalIdInput.nullish(),
    })
    .refine((key) => Boolean(key.id) !== Boolean(key.externalId), 'Send exactly one of `id` or `externalId`.');
}

/** Returns the columns that store the external ID of a new row. */
export function externalIdColumns(externalId: EntityKey['externalId']) {
  return { source: externalId?.source ?? null, externalId: externalId?.value ?? null };
}

function entityKeyText({ id, externalId }: EntityKey): string {
  return externalId ? `${externalId.source}\n${externalId.value}` : `${id}`;
}

/**
 * Resolves keys to IDs, in the order of the keys. Null where the key is missing or matches nothing. Runs at most one
 * statement.
 */
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
  // LATERAL with LIMIT forces one index lookup per key. Without statistics, as in a first import, the planner would
  // otherwise read every external ID of the source.
  const text = `SELECT wanted."source" || E'\\n' || wanted."value" AS key, found."id"::text AS id
    FROM unnest($2::text[], $3::text[]) AS wanted("source", "value") CROSS JOIN LATERAL (SELECT "id" FROM "${type}"
      WHERE "workspaceId" = $1::uuid AND "source" = wanted."source" AND "externalId" = wanted."value" LIMIT 1) found
    UNION ALL SELECT "id"::text, "id"::text FROM "${type}" WHERE "workspaceId" = $1::uuid AND "id" = ANY ($4::uuid[])`;
  const [sources, values] = [externals.map(({ source }) => source), externals.map(({ value }) => value)];
  const rows = await tx.query<{ key: string; id: string }>({ text, values: [tx.workspaceId, sources, values, ids] });
  const found = new Map(rows.map(({ key, id }) => [key, id]));
  return texts.map((text) => (text === null ? null : (found.get(text) ?? null)));
}

/**
 * An item and the ID of its entity, or null if the item is new. `keys` holds that ID, or else the text of the key. It
 * is empty for an item without a key.
 */
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

/** Like `findEntities`, but returns a `NOT_FOUND` error for each key that matches nothing. */
export async function resolveEntities(
  tx: Statements,
  type: KeyedType,
  keys: (EntityKey | null | undefined)[],
  ...field: (string | number)[]
): Promise<(string | null | DomainError)[]> {
  const found = await findEntities(tx, type, keys);
  return keys.map((key, i) => {
    if (!key) return null;
    return found[i] ?? new DomainError('NOT_FOUND', `No ${nounOf(type)} has this key.`, { field });
  });
}
