import type { Db } from '../db/database.ts';
import { workspace } from '../db/statements.ts';
import { DomainError } from '../lib/errors.ts';

// The kinds of timeline entries: the table, the column with the time, and the scope needed to read them.
const sources = {
  ORDER: { table: 'Order', time: 'placedAt', hasChannel: false, scope: 'orders:read' },
  RETURN: { table: 'Return', time: 'occurredAt', hasChannel: false, scope: 'orders:read' },
  INTERACTION: { table: 'Interaction', time: 'occurredAt', hasChannel: true, scope: 'interactions:read' },
  CASE: { table: 'Case', time: 'openedAt', hasChannel: false, scope: 'cases:read' },
  SURVEY_RESPONSE: { table: 'SurveyResponse', time: 'respondedAt', hasChannel: false, scope: 'feedback:read' },
  CONSENT: { table: 'ConsentEvent', time: 'capturedAt', hasChannel: true, scope: 'preferences:read' },
} as const;

export type TimelineKind = keyof typeof sources;
export type TimelineTable = (typeof sources)[TimelineKind]['table'];

const timelineKinds = Object.keys(sources).filter((kind): kind is TimelineKind => kind in sources);

/** Tables of the kinds. */
export const timelineTables: Readonly<Record<string, TimelineTable>> = Object.fromEntries(
  Object.entries(sources).map(([kind, { table }]) => [kind, table]),
);

export function tableOf(kind: TimelineKind): TimelineTable {
  return sources[kind].table;
}

/** Returns the requested kinds, or all that these scopes may read. Throws FORBIDDEN for a kind they may not read. */
export function visibleKinds(scopes: ReadonlySet<string>, wanted: TimelineKind[] | null | undefined): TimelineKind[] {
  const hidden = wanted?.find((kind) => !scopes.has(sources[kind].scope));
  if (hidden) {
    const message = `This key lacks the scope ${sources[hidden].scope}, which ${hidden} entries require.`;
    throw new DomainError('FORBIDDEN', message, { field: ['kinds'] });
  }
  return wanted ?? timelineKinds.filter((kind) => scopes.has(sources[kind].scope));
}

export type TimelineRef = { kind: TimelineKind; id: string; occurredAt: Date };

export type TimelineQuery = {
  /** UUID of the customer. */
  customerId: string;
  kinds: TimelineKind[];
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
 * SQL for the ID of the customer.
 */
export function pageSql(query: TimelineQuery, customer: string, parameter: Parameter): { sql: string; order: string } {
  const direction = query.isNewestFirst ? 'DESC' : 'ASC';
  const order = ['occurredAt', 'kind', 'id'].map((column) => `"${column}" ${direction}`).join(', ');
  const branches = branchesOf(query, customer, parameter).map(
    (branch) => `(${branch} ORDER BY "occurredAt" ${direction}, "id" ${direction} LIMIT ${parameter(query.take)})`,
  );
  return {
    sql: `SELECT * FROM (${unionOf(branches, customer)}) merged ORDER BY ${order} LIMIT ${parameter(query.take)}`,
    order,
  };
}

/** Returns SQL for all entries that match a query, regardless of its page. */
export function entriesSql(query: TimelineQuery, customer: string, parameter: Parameter): string {
  return unionOf(branchesOf({ ...query, after: null, before: null }, customer, parameter), customer);
}

function parametersFor({ workspaceId }: Db): { values: unknown[]; parameter: Parameter } {
  const values: unknown[] = [workspaceId];
  return { values, parameter: (value) => `$${values.push(value)}` };
}

// Without a kind there are no entries, but the statement still needs the columns and the parameter.
function unionOf(branches: string[], customer: string): string {
  return branches.join(' UNION ALL ') || `${selectOf('ORDER')}"customerId" = ${customer} AND FALSE`;
}

function branchesOf(query: TimelineQuery, customer: string, parameter: Parameter): string[] {
  return timelineKinds
    .filter((kind) => query.kinds.includes(kind))
    .filter((kind) => !query.channels || sources[kind].hasChannel)
    .map((kind) => branch(kind, query, customer, parameter));
}

function branch(
  kind: TimelineKind,
  { channels, from, until, after, before, isNewestFirst }: TimelineQuery,
  customer: string,
  parameter: Parameter,
): string {
  const at = `"${sources[kind].time}"`;
  const conditions = [`"customerId" = ${customer}`];
  if (channels) conditions.push(`"channel" = ANY (${parameter(channels)}::"InteractionChannel"[])`);
  if (from) conditions.push(`${at} >= ${parameter(from)}`);
  if (until) conditions.push(`${at} <= ${parameter(until)}`);
  if (after) conditions.push(beyond(kind, at, after, isNewestFirst ? '<' : '>', parameter));
  if (before) conditions.push(beyond(kind, at, before, isNewestFirst ? '>' : '<', parameter));
  return selectOf(kind) + conditions.join(' AND ');
}

// Kinds sort by their letters, as in cursors, and not by the rules of a language.
function selectOf(kind: TimelineKind): string {
  const { table, time } = sources[kind];
  return `SELECT '${kind}' COLLATE "C" AS "kind", "id", "${time}" AS "occurredAt" FROM "${table}" WHERE "workspaceId" = ${workspace} AND `;
}

// The condition that (time, kind, id) lies beyond an entry. A branch has a single kind, so it compares time and ID.
function beyond(kind: TimelineKind, at: string, place: TimelineRef, operator: '<' | '>', parameter: Parameter): string {
  const time = parameter(place.occurredAt);
  if (kind === place.kind) return `(${at}, "id") ${operator} (${time}, ${parameter(place.id)}::uuid)`;
  const isBeyond = operator === '<' ? kind < place.kind : kind > place.kind;
  return `${at} ${isBeyond ? `${operator}=` : operator} ${time}`;
}
