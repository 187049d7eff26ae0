import type { Db } from '../db/database.ts';
import { workspace } from '../db/statements.ts';
import { missingScope } from '../lib/errors.ts';
import { tables } from '../lib/tables.ts';
import type { ItemSource } from '../query/compile/item-columns.ts';

type Source = { table: string; time: string; scope: string; description: string; hasChannel?: true };

// The kinds of entries: the table, the column with the time, and the scope needed to read them.
const sources: ReadonlyMap<string, Source> = new Map(
  tables.flatMap(({ name: table, time, scope, timeline }) =>
    timeline && time ? [[timeline.kind, { table, time, scope, ...timeline }]] : [],
  ),
);

const timelineKinds = [...sources.keys()];

/** Descriptions of the kinds. */
export const kindDescriptions = Object.fromEntries([...sources].map(([kind, { description }]) => [kind, description]));

/** Tables of the kinds. */
export const timelineTables = Object.fromEntries([...sources].map(([kind, { table }]) => [kind, table]));

function sourceOf(kind: string): Source {
  const source = sources.get(kind);
  if (!source) throw new Error(`The timeline has no kind ${kind}.`);
  return source;
}

/** Returns the requested kinds, or all that these scopes may read. Throws FORBIDDEN for a kind they may not read. */
export function visibleKinds(scopes: ReadonlySet<string>, wanted: string[] | null | undefined): string[] {
  const hidden = wanted?.find((kind) => !scopes.has(sourceOf(kind).scope));
  if (hidden) throw missingScope(sourceOf(hidden).scope, `which ${hidden} entries require`, ['kinds']);
  return wanted ?? timelineKinds.filter((kind) => scopes.has(sourceOf(kind).scope));
}

export type TimelineRef = { kind: string; id: string; occurredAt: Date };

export type TimelineQuery = {
  /** UUID of the customer. */
  customerId: string;
  kinds: string[];
  channels?: string[] | null | undefined;
  from?: Date | null | undefined;
  until?: Date | null | undefined;
  /** Only entries after this one, in the direction of reading. */
  after?: TimelineRef | null;
  /** Only entries before this one, in the direction of reading. */
  before?: TimelineRef | null;
  /** Whether the latest entries come first. */
  isNewestFirst: boolean;
  take: number;
};

/** Adds a value to a statement and returns its placeholder. */
type Parameter = (value: unknown) => string;

type ItemsOf = (table: string) => ItemSource;

const noItems: ItemsOf = (table) => ({ table: `"${table}"`, columns: '' });

/** Reads one page of a timeline in one statement. */
export async function readTimeline(db: Db, query: TimelineQuery): Promise<TimelineRef[]> {
  const { values, parameter } = parametersFor(db);
  const { order, sql } = pageSql(query, `${parameter(query.customerId)}::uuid`, parameter);
  return db.query({ text: `SELECT "kind", "id", "occurredAt" FROM (${sql}) entries ORDER BY ${order}`, values });
}

export async function countTimeline(db: Db, query: TimelineQuery, limit: number): Promise<number> {
  const { values, parameter } = parametersFor(db);
  const entries = entriesSql(query, `${parameter(query.customerId)}::uuid`, parameter);
  const text = `SELECT count(*)::integer AS count FROM (SELECT 1 FROM (${entries}) entries LIMIT ${parameter(limit)}) x`;
  const [row] = await db.query<{ count: number }>({ text, values });
  return row?.count ?? 0;
}

/**
 * Returns SQL for the entries of one page. Each kind contributes at most a page, and the parts are merged. `customer` is
 * SQL for the ID of the customer. `itemsOf` returns what to select from a table for the records of the entries.
 */
export function pageSql(
  query: TimelineQuery,
  customer: string,
  parameter: Parameter,
  itemsOf: ItemsOf = noItems,
): { sql: string; order: string } {
  const direction = query.isNewestFirst ? 'DESC' : 'ASC';
  const order = ['occurredAt', 'kind', 'id'].map((column) => `"${column}" ${direction}`).join(', ');
  const limit = parameter(query.take);
  const branches = branchesOf(query, customer, parameter, itemsOf).map(
    (branch) => `(${branch} ORDER BY "occurredAt" ${direction}, "id" ${direction} LIMIT ${limit})`,
  );
  return {
    sql: `SELECT * FROM (${unionOf(branches, customer, itemsOf)}) merged ORDER BY ${order} LIMIT ${limit}`,
    order,
  };
}

/** Returns SQL for all entries that match a query, regardless of its page. */
export function entriesSql(query: TimelineQuery, customer: string, parameter: Parameter): string {
  const all = { ...query, after: null, before: null };
  return unionOf(branchesOf(all, customer, parameter, noItems), customer, noItems);
}

function parametersFor({ workspaceId }: Db): { values: unknown[]; parameter: Parameter } {
  const values: unknown[] = [workspaceId];
  return { values, parameter: (value) => `$${values.push(value)}` };
}

// Without a kind there are no entries, but the statement still needs the columns and the parameter.
function unionOf(branches: string[], customer: string, itemsOf: ItemsOf): string {
  if (branches.length > 0) return branches.join(' UNION ALL ');
  return `${selectOf(timelineKinds[0] ?? '', itemsOf)}"customerId" = ${customer} AND FALSE`;
}

function branchesOf(query: TimelineQuery, customer: string, parameter: Parameter, itemsOf: ItemsOf): string[] {
  return timelineKinds
    .filter((kind) => query.kinds.includes(kind))
    .filter((kind) => !query.channels || sourceOf(kind).hasChannel)
    .map((kind) => selectOf(kind, itemsOf) + conditionsOf(kind, query, customer, parameter));
}

function conditionsOf(
  kind: string,
  { channels, from, until, after, before, isNewestFirst }: TimelineQuery,
  customer: string,
  parameter: Parameter,
): string {
  const at = `"${sourceOf(kind).time}"`;
  const conditions = [`"customerId" = ${customer}`];
  if (channels) conditions.push(`"channel" = ANY (${parameter(channels)}::"InteractionChannel"[])`);
  if (from) conditions.push(`${at} >= ${parameter(from)}`);
  if (until) conditions.push(`${at} <= ${parameter(until)}`);
  if (after) conditions.push(beyond(kind, at, after, isNewestFirst ? '<' : '>', parameter));
  if (before) conditions.push(beyond(kind, at, before, isNewestFirst ? '>' : '<', parameter));
  return conditions.join(' AND ');
}

// Values of the type `name` sort by their letters, as in cursors, and not by the rules of a language. With COLLATE in its
// place, the planner would not merge the tables in the order of their indexes.
function selectOf(kind: string, itemsOf: ItemsOf): string {
  const { table, time } = sourceOf(kind);
  const items = itemsOf(table);
  return `SELECT '${kind}'::name AS "kind", "id", "${time}" AS "occurredAt"${items.columns} FROM ${items.table}
    WHERE "workspaceId" = ${workspace} AND `;
}

// The condition that (time, kind, id) lies beyond an entry. A branch has a single kind, so it compares time and ID.
function beyond(kind: string, at: string, place: TimelineRef, operator: '<' | '>', parameter: Parameter): string {
  const time = parameter(place.occurredAt);
  if (kind === place.kind) return `(${at}, "id") ${operator} (${time}, ${parameter(place.id)}::uuid)`;
  const isBeyond = operator === '<' ? kind < place.kind : kind > place.kind;
  return `${at} ${isBeyond ? `${operator}=` : operator} ${time}`;
}
