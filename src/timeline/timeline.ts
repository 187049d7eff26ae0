import type { Db } from '../db/database.ts';
import { Prisma } from '../db/generated/prisma/client.ts';
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

/** Reads one page of a timeline in one statement: each kind contributes at most a page, and the parts are merged. */
export async function readTimeline(db: Db, query: TimelineQuery): Promise<TimelineRef[]> {
  const order = Prisma.sql([query.isNewestFirst ? 'DESC' : 'ASC']);
  const branches = branchesOf(db, query).map(
    (branch) => Prisma.sql`(${branch} ORDER BY "occurredAt" ${order}, "id" ${order} LIMIT ${query.take})`,
  );
  if (branches.length === 0) return [];
  return db.$queryRaw<TimelineRef[]>`
    SELECT "kind", "id"::text AS "id", "occurredAt" FROM (${Prisma.join(branches, ' UNION ALL ')}) merged
    ORDER BY "occurredAt" ${order}, "kind" COLLATE "C" ${order}, "id" ${order} LIMIT ${query.take}`;
}

export async function countTimeline(db: Db, query: TimelineQuery, limit: number): Promise<number> {
  const branches = branchesOf(db, { ...query, after: null, before: null });
  if (branches.length === 0) return 0;
  const [row] = await db.$queryRaw<
    { count: bigint }[]
  >`SELECT count(*) AS count FROM (${Prisma.join(branches, ' UNION ALL ')} LIMIT ${limit}) merged`;
  return Number(row?.count ?? 0);
}

function branchesOf({ workspaceId }: Db, query: TimelineQuery): Prisma.Sql[] {
  return timelineKinds
    .filter((kind) => query.kinds.includes(kind))
    .filter((kind) => !query.channels || sources[kind].hasChannel)
    .map((kind) => branch(workspaceId, kind, query));
}

function branch(
  workspaceId: string,
  kind: TimelineKind,
  { customerId, channels, from, until, after, before, isNewestFirst }: TimelineQuery,
) {
  const { table, time } = sources[kind];
  const at = Prisma.sql([`"${time}"`]);
  const conditions = [Prisma.sql`"customerId" = ${customerId}::uuid`];
  if (channels) conditions.push(Prisma.sql`"channel" = ANY (${channels}::"InteractionChannel"[])`);
  if (from) conditions.push(Prisma.sql`${at} >= ${from}`);
  if (until) conditions.push(Prisma.sql`${at} <= ${until}`);
  if (after) conditions.push(beyond(kind, at, after, isNewestFirst ? '<' : '>'));
  if (before) conditions.push(beyond(kind, at, before, isNewestFirst ? '>' : '<'));
  const select = Prisma.sql([`SELECT '${kind}' AS "kind", "id", "${time}" AS "occurredAt" FROM "${table}" WHERE `]);
  return Prisma.sql`${select}"workspaceId" = ${workspaceId}::uuid AND ${Prisma.join(conditions, ' AND ')}`;
}

// The condition that (time, kind, id) lies beyond an entry. A branch has a single kind, so it compares time and ID.
function beyond(kind: TimelineKind, at: Prisma.Sql, place: TimelineRef, operator: '<' | '>') {
  if (kind === place.kind) {
    return Prisma.sql`(${at}, "id") ${Prisma.sql([operator])} (${place.occurredAt}, ${place.id}::uuid)`;
  }
  const isBeyond = operator === '<' ? kind < place.kind : kind > place.kind;
  return Prisma.sql`${at} ${Prisma.sql([isBeyond ? `${operator}=` : operator])} ${place.occurredAt}`;
}
