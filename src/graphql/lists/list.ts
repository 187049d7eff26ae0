import { queryFromInfo } from '@pothos/plugin-prisma';
import { models } from '../../db/datamodel.ts';
import { capitalized, nounOf, withArticle } from '../../lib/text/nouns.ts';
import type { PagePlan } from '../../query/pages/page-plan.ts';
import type { PageField } from '../../query/query-field.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { cost, valueObject } from '../cost/points.ts';
import { all, type Condition, searchesText } from '../filters/predicate.ts';
import type { CursorScope } from './cursor.ts';
import { type ListOptions, listArgs } from './list-args.ts';
import {
  checkLimit,
  type Direction,
  defaultPageSize,
  type Order,
  type Page,
  type PageArgs,
  pagePlan,
  pageQuery,
  type Row,
  readPage,
} from './page.ts';

type ListArgs = PageArgs & { where?: unknown; orderBy?: { field: string; direction?: Direction | null } | null };

type Relation = {
  name: string;
  /** Name of the Prisma relation, if it differs from `name`. */
  relation?: string;
  /** Maps each foreign key column of the rows to the column of the parent that it references. */
  on: Record<string, string>;
  scope: string;
  description: string;
};

type RootList = {
  name: string;
  scope: string;
  description: string;
  /** Condition that all rows of the list meet. */
  only?: Condition;
  /** Statement that narrows down the rows of a page before they are read, for the filters it applies to. */
  narrow?: {
    appliesTo: (where: unknown) => boolean;
    find: (context: Context, where: unknown) => Promise<Condition | null>;
  };
};

/** Paths at which a connection selects its rows. */
export const nodePaths = [[{ name: 'nodes' }], [{ name: 'edges' }, { name: 'node' }]];

/**
 * Defines the connections of a type. Prisma's cursor reads every row after it. A keyset predicate with LIMIT reads only
 * one page at any depth, also within a join, so a single statement loads parents and their pages.
 *
 * Model and column names are strings that the types of Prisma and Pothos cannot check, hence the casts.
 */
export function defineList(typeName: string, options: ListOptions) {
  const { where } = options;
  const type = typeName as 'Customer';
  const Connection = connectionType(typeName, options);
  const args = listArgs(typeName, options);

  function orderOf({ orderBy }: ListArgs): Order {
    const field = orderBy?.field ?? Object.keys(options.orderBy)[0] ?? '';
    const { column = 'id', direction = options.direction } = options.orderBy[field] ?? {};
    const { tieBreaker = 'id' } = options;
    const columns = column === tieBreaker ? [column] : [column, tieBreaker];
    return { columns, direction: orderBy?.direction ?? direction };
  }

  function cursorScopeOf({ viewer }: Context, { columns, direction }: Order): CursorScope {
    return { list: [viewer.workspaceId, typeName, ...columns, direction].join(' '), encryptionKey: viewer.cursorKey };
  }

  function conditionsOf(input: ListArgs, { viewer }: Context): Condition[] {
    return where && input.where ? [where.toCondition(input.where, viewer.scopes)] : [];
  }

  function planOf(input: ListArgs, context: Context, only: Condition[] = []): PagePlan {
    const order = orderOf(input);
    const conditions = conditionsOf(input, context);
    const plan = pagePlan(input, cursorScopeOf(context, order), order, [...only, ...conditions]);
    return { ...plan, dependsOnValues: conditions.length > 0 && !conditions.some(searchesText) };
  }

  function pageField(
    relation: string | null,
    plan: (input: ListArgs, context: Context) => PagePlan | null,
  ): PageField<Context> {
    return { kind: 'page', model: typeName, relation, plan };
  }

  function addToQuery({ name, scope, description, only, narrow }: RootList): void {
    const always = only ? [only] : [];
    builder.queryField(name, (t) =>
      t.field({
        type: Connection,
        description,
        authScopes: { scope },
        args,
        extensions: {
          ...pageCost,
          query: pageField(null, (input, context) =>
            narrow?.appliesTo(input.where) ? null : planOf(input, context, always),
          ),
        },
        resolve: async (_root, rawInput, context, info) => {
          const input: ListArgs = rawInput;
          const order = orderOf(input);
          const list = cursorScopeOf(context, order);
          const counted = [{ workspaceId: context.viewer.workspaceId }, ...always, ...conditionsOf(input, context)];
          const narrower = narrow?.appliesTo(input.where) ? await narrow.find(context, input.where) : null;
          const query = pageQuery(input, list, order, narrower ? [...counted, narrower] : counted);
          const select = selected(order.columns) as never;
          const selection = queryFromInfo({ context, info, typeName: type, select, paths: nodePaths as never });
          const rows = await delegateOf(context, typeName).findMany({ ...selection, ...query });
          return readPage(input, list, order, rows, counting(context, typeName, counted));
        },
      }),
    );
  }

  function addToType(parent: string, { name, relation = name, on, scope, description }: Relation): void {
    if (!models[parent]?.fields.some((field) => field.name === relation))
      throw new Error(
        `${parent} has no relation "${relation}". Give the list the name of one, or set its \`relation\`.`,
      );
    builder.prismaObjectField(parent as 'Customer', name as 'orders', (t) =>
      t.field({
        type: Connection,
        description,
        authScopes: { scope },
        args,
        extensions: { ...pageCost, query: pageField(relation, (input, context) => planOf(input, context)) },
        select: (rawInput: ListArgs, context: Context, nested: (...selection: unknown[]) => never) => {
          const order = orderOf(rawInput);
          const query = pageQuery(rawInput, cursorScopeOf(context, order), order, conditionsOf(rawInput, context));
          const rows = nested(
            { ...query, select: selected(order.columns) },
            { getType: () => typeName, paths: nodePaths },
          );
          return { ...selected(Object.values(on)), [relation]: rows };
        },
        resolve: (row: Row, rawInput: ListArgs, context: Context) => {
          const order = orderOf(rawInput);
          const key = Object.fromEntries(Object.entries(on).map(([column, ofParent]) => [column, row[ofParent]]));
          const counted = [{ workspaceId: context.viewer.workspaceId, ...key }, ...conditionsOf(rawInput, context)];
          const found = row[relation] as Row[];
          return readPage(rawInput, cursorScopeOf(context, order), order, found, counting(context, typeName, counted));
        },
      } as never),
    );
  }

  return { Connection, addToQuery, addToType };
}

function connectionType(typeName: string, { plural }: ListOptions) {
  const type = typeName as 'String';
  const noun = nounOf(typeName);
  const Edge = builder.objectRef<{ row: Row; cursor: string }>(`${typeName}Edge`).implement({
    description: `${capitalized(withArticle(noun))} in a list, with its cursor.`,
    extensions: valueObject,
    fields: (t) => ({
      node: t.field({ type, description: `The ${noun} at the end of this edge.`, resolve: ({ row }) => row as never }),
      cursor: t.exposeString('cursor', { description: `Cursor of the ${noun}, to pass as \`after\` or \`before\`.` }),
    }),
  });
  return builder.objectRef<Page>(`${typeName}Connection`).implement({
    description: `A page of ${plural}.`,
    extensions: valueObject,
    fields: (t) => ({
      nodes: t.field({
        type: [type],
        description: `${capitalized(plural)} on this page, without edges.`,
        resolve: ({ rows }) => rows as never,
      }),
      edges: t.field({
        type: [Edge],
        description: `${capitalized(plural)} on this page, each with its cursor.`,
        resolve: ({ rows, cursorOf }) => rows.map((row) => ({ row, cursor: cursorOf(row) })),
      }),
      ...pageFields(t, plural),
    }),
  });
}

/** Returns the fields `pageInfo` and `totalCount` of a connection. `plural` names its items in descriptions. */
export function pageFields<
  Shape extends Pick<Page, 'hasNextPage' | 'hasPreviousPage' | 'cursorOf' | 'rows' | 'totalCount'>,
>(t: PothosSchemaTypes.ObjectFieldBuilder<typeof builder.$inferSchemaTypes, Shape>, plural = 'entries') {
  return {
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      description: 'Cursors of this page, and whether there are more pages.',
      resolve: ({ rows, cursorOf, hasNextPage, hasPreviousPage }) => {
        const [first, last] = [rows.at(0), rows.at(-1)];
        return {
          hasNextPage,
          hasPreviousPage,
          startCursor: first ? cursorOf(first) : null,
          endCursor: last ? cursorOf(last) : null,
        };
      },
    }),
    totalCount: t.int({
      description: `Total number of ${plural} on all pages, capped at \`limit\`. Counting takes time proportional to the total.`,
      args: {
        limit: t.arg.int({
          required: true,
          defaultValue: 10_000,
          description: 'Number to count up to, 1 to 10,000,000. Each 10,000 costs one point.',
        }),
      },
      extensions: cost({ points: ({ limit }: { limit: number }) => Math.max(Math.ceil(limit / 10_000), 1) }),
      resolve: ({ totalCount }, { limit }) => {
        checkLimit(limit);
        return totalCount(limit);
      },
    }),
  };
}

/** Cost of a connection: that of the rows on its page. */
export const pageCost = cost<PageArgs>({ size: ({ first, last }) => first ?? last ?? defaultPageSize });

type Model = {
  findMany(query: object): Promise<Row[]>;
  count(query: { where: Condition; take: number }): Promise<number>;
};

function counting(context: Context, typeName: string, conditions: Condition[]): Page['totalCount'] {
  return (limit) => delegateOf(context, typeName).count({ where: all(conditions), take: limit });
}

/** Returns Prisma's delegate of a model, whose name is a string that its types cannot check. */
export function delegateOf({ db }: Context, typeName: string): Model {
  const name = typeName.charAt(0).toLowerCase() + typeName.slice(1);
  return (db as unknown as Record<string, Model>)[name] as Model;
}

function selected(columns: string[]): Record<string, true> {
  return Object.fromEntries(columns.map((column) => [column, true]));
}
