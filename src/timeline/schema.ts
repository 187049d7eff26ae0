import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../graphql/builder.ts';
import { InteractionChannelEnum } from '../graphql/channels.ts';
import type { Context } from '../graphql/context.ts';
import { decodeCursor, type Positions } from '../graphql/cursor.ts';
import { describedEnum } from '../graphql/enums.ts';
import { pageArgs, pageCost, pageFields, rowCost } from '../graphql/list.ts';
import { type Page, type PageArgs, pageQuery, readPage } from '../graphql/page.ts';
import {
  countTimeline,
  readTimeline,
  type TimelineKind,
  type TimelineQuery,
  type TimelineRef,
  type TimelineTable,
  tableOf,
  visibleKinds,
} from './timeline.ts';

type Item = { __typename: TimelineTable };
type Entry = TimelineRef & { item: Item };

const Kind = describedEnum('TimelineKind', 'What stands on a timeline.', {
  ORDER: 'An order, when it was placed.',
  RETURN: 'A return, when it happened.',
  INTERACTION: 'Something that passed between us, when it did.',
  CASE: 'A case, when it was opened.',
  SURVEY_RESPONSE: 'An answer to a survey or a suggestion, when it was given.',
  CONSENT: 'A decision about contact, when it was made.',
});

const TimelineItem = builder.unionType('TimelineItem', {
  description: 'Whatever can stand on a timeline.',
  types: ['Order', 'Return', 'Interaction', 'Case', 'SurveyResponse', 'ConsentEvent'] as never[],
  resolveType: (item: Item) => item.__typename,
});

const TimelineEntry = builder.objectRef<Entry>('TimelineEntry').implement({
  description: 'Something that happened with a customer.',
  fields: (t) => ({
    kind: t.expose('kind', { type: Kind, description: 'What it is.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When.' }),
    item: t.field({ type: TimelineItem, description: 'The thing itself.', resolve: ({ item }) => item as never }),
  }),
});

const TimelineEdge = builder.objectRef<{ row: Entry; cursor: string }>('TimelineEdge').implement({
  description: 'One entry, with its place on the timeline.',
  fields: (t) => ({
    node: t.field({ type: TimelineEntry, description: 'The entry.', resolve: ({ row }) => row }),
    cursor: t.exposeString('cursor', { description: 'Pass it as `after` or `before`.' }),
  }),
});

const TimelineConnection = builder.objectRef<Page>('TimelineConnection').implement({
  description: 'A page of a timeline.',
  fields: (t) => ({
    nodes: t.field({
      type: [TimelineEntry],
      description: 'The page, plain.',
      complexity: rowCost,
      resolve: ({ rows }) => rows as Entry[],
    }),
    edges: t.field({
      type: [TimelineEdge],
      complexity: rowCost,
      description: 'The page, with a cursor for each.',
      resolve: ({ rows, cursorOf }) => rows.map((row) => ({ row: row as Entry, cursor: cursorOf(row) })),
    }),
    ...pageFields(t),
  }),
});

const order = { columns: ['occurredAt', 'kind', 'id'], direction: 'desc' } as const;

builder.prismaObjectField('Customer', 'timeline', (t) =>
  t.field({
    type: TimelineConnection,
    description:
      'All that happened with them, in one list, latest first. What happened at the same instant is all there, each once. ' +
      'Kinds that the key may not read are left out.',
    complexity: pageCost,
    args: {
      ...pageArgs(),
      kinds: t.arg({ type: [Kind], description: 'Only these. FORBIDDEN for one that the key may not read.' }),
      channels: t.arg({
        type: [InteractionChannelEnum],
        description: 'Only interactions and decisions of these channels.',
      }),
      from: t.arg({ type: 'DateTime', description: 'Only from this instant on.' }),
      until: t.arg({ type: 'DateTime', description: 'Only up to this instant.' }),
    },
    authScopes: { scope: 'customers:read' },
    select: { id: true },
    resolve: async ({ id }, { kinds, channels, from, until, ...page }, context, info) => {
      const { workspaceId, cursorKey } = context.viewer;
      const list = { list: `${workspaceId} timeline ${id}`, sealedBy: cursorKey };
      const { take } = pageQuery(
        { first: page.first, last: page.last },
        list,
        { columns: ['id'], direction: 'desc' },
        [],
      );
      const isBackward = page.last != null;
      const [after, before] = [placeOf(list, page, 'after'), placeOf(list, page, 'before')];
      const query: TimelineQuery = {
        customerId: id,
        kinds: visibleKinds(context.viewer.scopes, kinds),
        channels,
        from,
        until,
        after: isBackward ? before : after,
        before: isBackward ? after : before,
        isNewestFirst: !isBackward,
        take,
      };
      const refs = await readTimeline(context.db, query);
      const entries = await loadItems(context, info, refs);
      return readPage(page, list, { ...order, columns: [...order.columns] }, entries, (limit) =>
        countTimeline(context.db, query, limit),
      );
    },
  }),
);

function placeOf(list: Positions, page: PageArgs, field: 'after' | 'before'): TimelineRef | null {
  const cursor = page[field];
  if (!cursor) return null;
  const [occurredAt, kind, id] = decodeCursor(list, cursor, field, [...order.columns]);
  return { occurredAt: occurredAt as Date, kind: kind as TimelineKind, id: String(id) };
}

// One statement for each kind on the page, with just what the request selects of it.
async function loadItems(context: Context, info: GraphQLResolveInfo, refs: TimelineRef[]): Promise<Entry[]> {
  const items = new Map<string, Item>();
  const kinds = [...new Set(refs.map(({ kind }) => kind))];
  await Promise.all(
    kinds.map(async (kind) => {
      const typename = tableOf(kind);
      const paths = [
        ['nodes', 'item'],
        ['edges', 'node', 'item'],
      ];
      const selection = queryFromInfo({
        context,
        info,
        typeName: typename,
        select: { id: true } as never,
        paths: paths as never,
      });
      const ids = refs.filter((ref) => ref.kind === kind).map(({ id }) => id);
      const delegate = (typename.charAt(0).toLowerCase() + typename.slice(1)) as 'order';
      const rows = await context.db[delegate].findMany({
        ...selection,
        where: { workspaceId: context.db.workspaceId, id: { in: ids } },
      });
      for (const row of rows as { id: string }[]) items.set(row.id, { ...row, __typename: typename });
    }),
  );
  return refs.flatMap((ref) => {
    const item = items.get(ref.id);
    return item ? [{ ...ref, item }] : [];
  });
}
