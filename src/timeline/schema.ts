import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../graphql/builder.ts';
import type { Context } from '../graphql/context.ts';
import { valueObject } from '../graphql/cost/points.ts';
import { InteractionChannelEnum } from '../graphql/enums/channels.ts';
import { describedEnum } from '../graphql/enums/described-enum.ts';
import { type CursorScope, decodeCursor, encodeCursor } from '../graphql/lists/cursor.ts';
import { delegateOf, pageCost, pageFields } from '../graphql/lists/list.ts';
import { pageArgs } from '../graphql/lists/list-args.ts';
import { type Page, type PageArgs, pageQuery, readPage } from '../graphql/lists/page.ts';
import { asInstant } from '../graphql/sql/serializers.ts';
import { columnField, type OneOfField, type PageField } from '../query/query-field.ts';
import { passthrough } from '../query/serialize/serializer.ts';
import {
  countTimeline,
  entriesSql,
  kindDescriptions,
  pageSql,
  readTimeline,
  type TimelineQuery,
  type TimelineRef,
  timelineTables,
  visibleKinds,
} from './timeline.ts';

type Item = { __typename: string };
type Entry = TimelineRef & { item: Item };

const Kind = describedEnum('TimelineKind', 'Kind of entry on a timeline.', kindDescriptions);

const TimelineItem = builder.unionType('TimelineItem', {
  description: 'Record that can appear on a timeline.',
  types: Object.values(timelineTables) as never[],
  resolveType: (item: Item) => item.__typename,
});

const TimelineEntry = builder.objectRef<Entry>('TimelineEntry').implement({
  description: 'Entry on a customer’s timeline.',
  fields: (t) => ({
    kind: t.expose('kind', {
      type: Kind,
      description: 'Kind of the record in `item`.',
      extensions: { query: columnField('kind', passthrough) },
    }),
    occurredAt: t.expose('occurredAt', {
      type: 'DateTime',
      description: 'When the event took place. The timeline is sorted by this time.',
      extensions: { query: columnField('occurredAt', asInstant) },
    }),
    item: t.field({
      type: TimelineItem,
      description: 'Record the entry is about.',
      extensions: { query: { kind: 'oneOf', column: 'kind', models: timelineTables } satisfies OneOfField },
      resolve: ({ item }) => item as never,
    }),
  }),
});

const TimelineEdge = builder.objectRef<{ row: Entry; cursor: string }>('TimelineEdge').implement({
  description: 'A timeline entry in a list, with its cursor.',
  extensions: valueObject,
  fields: (t) => ({
    node: t.field({
      type: TimelineEntry,
      description: 'The timeline entry at the end of this edge.',
      resolve: ({ row }) => row,
    }),
    cursor: t.exposeString('cursor', { description: 'Cursor of the entry, to pass as `after` or `before`.' }),
  }),
});

const TimelineConnection = builder.objectRef<Page>('TimelineConnection').implement({
  description: 'A page of timeline entries.',
  extensions: valueObject,
  fields: (t) => ({
    nodes: t.field({
      type: [TimelineEntry],
      description: 'Entries on this page, without edges.',
      resolve: ({ rows }) => rows as Entry[],
    }),
    edges: t.field({
      type: [TimelineEdge],
      description: 'Entries on this page, each with its cursor.',
      resolve: ({ rows, cursorOf }) => rows.map((row) => ({ row: row as Entry, cursor: cursorOf(row) })),
    }),
    ...pageFields(t),
  }),
});

const order = { columns: ['occurredAt', 'kind', 'id'], direction: 'desc' } as const;

type TimelineArgs = PageArgs & Pick<TimelineQuery, 'channels' | 'from' | 'until'> & { kinds?: string[] | null };

function timelineQuery({ kinds, channels, from, until, ...page }: TimelineArgs, { viewer }: Context) {
  const cursorScope = { list: `${viewer.workspaceId} timeline`, encryptionKey: viewer.cursorKey };
  const sizeOnly = { first: page.first, last: page.last };
  const { take } = pageQuery(sizeOnly, cursorScope, { columns: ['id'], direction: 'desc' }, []);
  const isBackward = page.last != null;
  const [after, before] = [placeOf(cursorScope, page, 'after'), placeOf(cursorScope, page, 'before')];
  const query: Omit<TimelineQuery, 'customerId'> = {
    kinds: visibleKinds(viewer.scopes, kinds),
    channels,
    from,
    until,
    after: isBackward ? before : after,
    before: isBackward ? after : before,
    isNewestFirst: !isBackward,
    take,
  };
  return { cursorScope, query };
}

const timelinePage: PageField<Context> = {
  kind: 'page',
  model: null,
  relation: null,
  plan: (args: TimelineArgs, context) => {
    const { cursorScope, query } = timelineQuery(args, context);
    const ofCustomer = { ...query, customerId: '' };
    return {
      rows: (customer, parameter, itemsOf) => pageSql(ofCustomer, `${customer}."id"`, parameter, itemsOf).sql,
      counted: (customer, parameter) => entriesSql(ofCustomer, `${customer}."id"`, parameter),
      orderBy: order.columns.map((column) => ({ column, direction: query.isNewestFirst ? 'desc' : 'asc' })),
      size: query.take - 1,
      isBackward: !query.isNewestFirst,
      hasOthers: Boolean(query.isNewestFirst ? args.after : args.before),
      cursorOf: ([at, kind, id]) => encodeCursor(cursorScope, [new Date(String(at)), kind, id]),
    };
  },
};

builder.prismaObjectField('Customer', 'timeline', (t) =>
  t.field({
    type: TimelineConnection,
    description:
      'Everything that happened with the customer, as one list, newest first. Paging neither skips nor repeats ' +
      'entries with the same time. Omits kinds of entries that the API key cannot read.',
    args: {
      ...pageArgs(),
      kinds: t.arg({
        type: [Kind],
        description:
          'Kinds of entries to include. Defaults to all kinds that the API key can read. Fails with `FORBIDDEN` ' +
          'for a kind that the key cannot read.',
      }),
      channels: t.arg({
        type: [InteractionChannelEnum],
        description: 'Channels to include. Omits kinds of entries that have no channel, such as orders.',
      }),
      from: t.arg({ type: 'DateTime', description: 'Start of the period, inclusive. Unlimited if omitted.' }),
      until: t.arg({ type: 'DateTime', description: 'End of the period, inclusive. Unlimited if omitted.' }),
    },
    authScopes: { scope: 'customers:read' },
    extensions: { ...pageCost, query: timelinePage },
    select: { id: true },
    resolve: async ({ id }, args, context, info) => {
      const { cursorScope, query } = timelineQuery(args, context);
      const ofCustomer = { ...query, customerId: id };
      const entries = await loadItems(context, info, await readTimeline(context.db, ofCustomer));
      return readPage(args, cursorScope, { ...order, columns: [...order.columns] }, entries, (limit) =>
        countTimeline(context.db, ofCustomer, limit),
      );
    },
  }),
);

function placeOf(list: CursorScope, page: PageArgs, field: 'after' | 'before'): TimelineRef | null {
  const cursor = page[field];
  if (!cursor) return null;
  const [occurredAt, kind, id] = decodeCursor(list, cursor, field, [...order.columns]);
  return { occurredAt: occurredAt as Date, kind: String(kind), id: String(id) };
}

// Runs one statement per kind on the page, and reads only the columns that the request selects.
async function loadItems(context: Context, info: GraphQLResolveInfo, refs: TimelineRef[]): Promise<Entry[]> {
  const items = new Map<string, Item>();
  const kinds = [...new Set(refs.map(({ kind }) => kind))];
  await Promise.all(
    kinds.map(async (kind) => {
      const typename = timelineTables[kind] ?? '';
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
      const where = { workspaceId: context.db.workspaceId, id: { in: ids } };
      for (const row of await delegateOf(context, typename).findMany({ ...selection, where }))
        items.set(String(row.id), { ...row, __typename: typename });
    }),
  );
  return refs.flatMap((ref) => {
    const item = items.get(ref.id);
    return item ? [{ ...ref, item }] : [];
  });
}
