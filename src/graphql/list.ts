import type { InputFieldMap } from '@pothos/core';
import { queryFromInfo } from '@pothos/plugin-prisma';
import { invalid } from '../lib/errors.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import type { Positions } from './cursor.ts';
import {
  type Direction,
  defaultPageSize,
  type Order,
  type Page,
  type PageArgs,
  pageQuery,
  type Row,
  readPage,
} from './page.ts';
import { all, type Condition } from './predicate.ts';
import type { WhereInput } from './where.ts';

export type ListOptions = {
  /** The rows in words, for descriptions: "orders". */
  plural: string;
  /** Sort fields by their GraphQL name; the first is the default. Each may have a default direction of its own. */
  orderBy: Record<string, OrderField>;
  /** The default direction. */
  direction: Direction;
  /** What makes the order total: unique within the list. */
  tieBreaker?: string;
  where?: WhereInput;
};

type OrderField = { column: string; description: string; direction?: Direction };

type ListArgs = PageArgs & { where?: unknown; orderBy?: { field: string; direction?: Direction | null } | null };

type Relation = {
  name: string;
  /** The relation in the Prisma schema, where it has another name. */
  relation?: string;
  /** Column of the rows to the column of the parent that it refers to. */
  on: Record<string, string>;
  scope: string;
  description: string;
};

type RootList = {
  name: string;
  scope: string;
  description: string;
  /** May find with one statement of its own what the page must lie within. */
  narrow?: (context: Context, where: unknown) => Promise<Condition | null>;
};

// Where the rows of a connection are selected.
const nodePaths = [[{ name: 'nodes' }], [{ name: 'edges' }, { name: 'node' }]];

/**
 * The lists of one type. Prisma's own cursor reads every row after it; here a keyset predicate with LIMIT reads one
 * page however deep, within a join too, so that parents and their pages come in one statement.
 *
 * The names of models and columns arrive as text, beyond what Prisma's and Pothos' types can follow: hence the casts.
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

  function positionsIn({ viewer }: Context, { columns, direction }: Order): Positions {
    return { list: [viewer.workspaceId, typeName, ...columns, direction].join(' '), sealedBy: viewer.cursorKey };
  }

  function conditionsOf(input: ListArgs, { viewer }: Context): Condition[] {
    return where && input.where ? [where.toCondition(input.where, viewer.scopes)] : [];
  }

  function addToQuery({ name, scope, description, narrow }: RootList): void {
    builder.queryField(name, (t) =>
      t.field({
        type: Connection,
        description,
        authScopes: { scope },
        args,
        complexity: pageCost,
        resolve: async (_root, rawInput, context, info) => {
          const input: ListArgs = rawInput;
          const order = orderOf(input);
          const list = positionsIn(context, order);
          const counted = [{ workspaceId: context.viewer.workspaceId }, ...conditionsOf(input, context)];
          const narrower = input.where ? await narrow?.(context, input.where) : null;
          const query = pageQuery(input, list, order, narrower ? [...counted, narrower] : counted);
          const select = selected(order.columns) as never;
          const selection = queryFromInfo({ context, info, typeName: type, select, paths: nodePaths as never });
          const rows = await model(context, typeName).findMany({ ...selection, ...query });
          return readPage(input, list, order, rows, counting(context, typeName, counted));
        },
      }),
    );
  }

  function addToType(parent: string, { name, relation = name, on, scope, description }: Relation): void {
    builder.prismaObjectField(parent as 'Customer', name as 'orders', (t) =>
      t.field({
        type: Connection,
        description,
        authScopes: { scope },
        args,
        complexity: pageCost,
        select: (rawInput: ListArgs, context: Context, nested: (...selection: unknown[]) => never) => {
          const order = orderOf(rawInput);
          const query = pageQuery(rawInput, positionsIn(context, order), order, conditionsOf(rawInput, context));
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
          return readPage(rawInput, positionsIn(context, order), order, found, counting(context, typeName, counted));
        },
      } as never),
    );
  }

  return { Connection, addToQuery, addToType };
}

function connectionType(typeName: string, { plural }: ListOptions) {
  const type = typeName as 'String';
  const Edge = builder.objectRef<{ row: Row; cursor: string }>(`${typeName}Edge`).implement({
    description: `One of the ${plural}, with its place in the list.`,
    fields: (t) => ({
      node: t.field({ type, description: 'The thing itself.', resolve: ({ row }) => row as never }),
      cursor: t.exposeString('cursor', { description: 'Pass it as `after` or `before`.' }),
    }),
  });
  return builder.objectRef<Page>(`${typeName}Connection`).implement({
    description: `A page of ${plural}.`,
    fields: (t) => ({
      nodes: t.field({
        type: [type],
        description: 'The page, plain.',
        complexity: rowCost,
        resolve: ({ rows }) => rows as never,
      }),
      edges: t.field({
        type: [Edge],
        complexity: rowCost,
        description: 'The page, with a cursor for each.',
        resolve: ({ rows, cursorOf }) => rows.map((row) => ({ row, cursor: cursorOf(row) })),
      }),
      ...pageFields(t),
    }),
  });
}

/** `pageInfo` and `totalCount` of any connection. */
export function pageFields<
  Shape extends Pick<Page, 'hasNextPage' | 'hasPreviousPage' | 'cursorOf' | 'rows' | 'totalCount'>,
>(t: PothosSchemaTypes.ObjectFieldBuilder<typeof builder.$inferSchemaTypes, Shape>) {
  return {
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      description: 'Whether there is more, and where to go on.',
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
      description:
        'How many there are in all, whatever the page; `limit` where there are that many or more. Counted only when asked for, ' +
        'which costs a statement.',
      args: {
        limit: t.arg.int({
          required: true,
          defaultValue: 10_000,
          description: 'Count no further, 1 to 10,000,000. Every ten thousand cost a point.',
        }),
      },
      complexity: ({ limit }) => ({ field: Math.ceil(limit / 10_000) }),
      resolve: ({ totalCount }, { limit }) => {
        if (limit < 1 || limit > 10_000_000) throw invalid('Give 1 to 10,000,000.', 'limit');
        return totalCount(limit);
      },
    }),
  };
}

/** What a connection costs: what is selected of it, once for each row of the page. */
export function pageCost({ first, last }: { first?: number | null; last?: number | null }) {
  return { field: 1, multiplier: Math.max(first ?? last ?? defaultPageSize, 1) };
}

/** A row of a page; how many there are, the connection has counted. */
export const rowCost = { field: 1, multiplier: 1 };

/** `first`, `after`, `last`, `before`: the arguments of any connection. */
export function pageArgs() {
  return builder.args((t) => ({
    first: t.int({ description: 'Page size from the start, 0 to 100; 20 when neither `first` nor `last` is given.' }),
    after: t.string({ description: 'Only what comes after this cursor.' }),
    last: t.int({ description: 'Page size from the end, 0 to 100. Not together with `first`.' }),
    before: t.string({ description: 'Only what comes before this cursor.' }),
  }));
}

function listArgs(typeName: string, { where, orderBy, direction }: ListOptions) {
  const args: InputFieldMap = { ...pageArgs() };
  if (where)
    args.where = builder.args((t) => ({
      where: t.field({ type: where.ref, description: 'Only what meets this.' }),
    })).where;
  if (Object.keys(orderBy).length > 1) {
    const fields = Object.entries(orderBy).map(([name, field]) => ({
      name,
      ...field,
      direction: field.direction ?? direction,
    }));
    const OrderBy = orderByInput(typeName, fields);
    const [first] = fields;
    const description = `The order; by default ${first?.name} ${first?.direction.toUpperCase()}. Ties are broken by id.`;
    args.orderBy = builder.args((t) => ({ orderBy: t.field({ type: OrderBy, description }) })).orderBy;
  }
  return args as ReturnType<typeof pageArgs>;
}

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Which end of an order comes first.',
  values: {
    ASC: { value: 'asc', description: 'Smallest, earliest or first in the alphabet.' },
    DESC: { value: 'desc', description: 'Largest, latest or last in the alphabet.' },
  },
});

function orderByInput(typeName: string, fields: (Required<OrderField> & { name: string })[]) {
  const Field = builder.enumType(`${typeName}OrderField`, {
    description: `What a list of ${typeName} can be ordered by.`,
    values: Object.fromEntries(fields.map(({ name, description }) => [name, { description }])),
  });
  const defaults = fields.map(({ name, direction }) => `${direction.toUpperCase()} for ${name}`).join(', ');
  return builder.inputType(`${typeName}OrderBy`, {
    description: `An order of a list of ${typeName}.`,
    fields: (t) => ({
      field: t.field({ type: Field, required: true, description: 'What to order by.' }),
      direction: t.field({
        type: OrderDirection,
        description: `Which end comes first. Omitted or null: ${defaults}.`,
      }),
    }),
  });
}

type Model = {
  findMany(query: object): Promise<Row[]>;
  count(query: { where: Condition; take: number }): Promise<number>;
};

function counting(context: Context, typeName: string, conditions: Condition[]): Page['totalCount'] {
  return (limit) => model(context, typeName).count({ where: all(conditions), take: limit });
}

function model({ db }: Context, typeName: string): Model {
  const name = typeName.charAt(0).toLowerCase() + typeName.slice(1);
  return (db as unknown as Record<string, Model>)[name] as Model;
}

function selected(columns: string[]): Record<string, true> {
  return Object.fromEntries(columns.map((column) => [column, true]));
}
