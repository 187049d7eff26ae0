import { queryFromInfo } from '@pothos/plugin-prisma';
import { missingScope } from '../../lib/errors.ts';
import type { PagePlan } from '../../query/pages/page-plan.ts';
import type { PageField } from '../../query/query-field.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { type CursorScope, decodeCursor, encodeCursor } from './cursor.ts';
import { delegateOf, nodePaths, pageCost } from './list.ts';
import { pageArgs } from './list-args.ts';
import { type Order, type PageArgs, pageQuery, type Row, readPage } from './page.ts';

/** Adds a value to a statement and returns its placeholder. */
type Parameter = (value: unknown) => string;

/** Position of a row in the list: the values of the columns of its order. */
type Position = unknown[];

/** Part of the list that SQL selects. */
export type Slice = {
  /** Condition that a row lies within the page. `columns` has SQL for the columns of the order. */
  within(columns: readonly string[]): string;
  /** `ORDER BY … LIMIT …` of the page, or nothing if all rows are counted. */
  orderAndLimit(columns: readonly string[]): string;
};

export type SqlList<Args> = {
  name: string;
  /** Model whose rows the list has, and its connection. */
  model: string;
  connection: unknown;
  scope: string;
  /** Scope that the list requires too, because it reveals such data. */
  alsoNeeds?: string;
  description: string;
  /** Arguments besides those of pages. */
  args: object;
  /** Parses the arguments. Throws an error for invalid ones. */
  parse: (args: Record<string, unknown>) => Args;
  /** Columns that the list is sorted by. The last one is `id`, and the names of instants end in `At`. */
  order: Order;
  /** Returns SQL for the rows of the model, with the columns of the order. */
  select: (args: Args, slice: Slice, parameter: Parameter) => string;
};

/**
 * Defines a list of the workspace whose rows SQL selects, for conditions that no filter can express. It is compiled to
 * one statement like any other list. A resolver reads the rows by their IDs where the rest of the selection needs it.
 */
export function defineSqlList<Args>(list: SqlList<Args>): void {
  const { name, model, scope, description, order } = list;
  const scopeOf = ({ viewer }: Context): CursorScope => ({
    list: [viewer.workspaceId, name, ...order.columns].join(' '),
    encryptionKey: viewer.cursorKey,
  });
  const argsOf = (given: Record<string, unknown>, context: Context): Args => {
    const { alsoNeeds } = list;
    if (alsoNeeds !== undefined && !context.viewer.scopes.has(alsoNeeds))
      throw missingScope(alsoNeeds, `which ${name} requires`);
    return list.parse(given);
  };
  const planOf = (given: PageArgs, context: Context): PagePlan => {
    const args = argsOf(given as Record<string, unknown>, context);
    const page = pageOf(given, scopeOf(context), order);
    return {
      rows: (_parent, parameter) => list.select(args, sliceOf(page, parameter), parameter),
      counted: (_parent, parameter) => list.select(args, everything, parameter),
      orderBy: order.columns.map((column) => ({ column, direction: page.direction })),
      size: page.take - 1,
      isBackward: page.isBackward,
      hasOthers: Boolean(page.isBackward ? given.before : given.after),
      dependsOnValues: true,
      cursorOf: (position) => encodeCursor(scopeOf(context), revived(order, position)),
    };
  };
  builder.queryField(name, (t) =>
    t.field({
      type: list.connection as 'String',
      description,
      authScopes: { scope },
      args: { ...pageArgs(), ...(list.args as ReturnType<typeof pageArgs>) },
      extensions: {
        ...pageCost,
        query: { kind: 'page', model, relation: null, plan: planOf } satisfies PageField<Context>,
      },
      resolve: async (_root, given, context, info) => {
        const args = argsOf(given, context);
        const page = pageOf(given, scopeOf(context), order);
        const found = await readRows<Row>(context, (parameter) =>
          list.select(args, sliceOf(page, parameter), parameter),
        );
        const select = { id: true } as never;
        const selection = queryFromInfo({ context, info, typeName: model as never, select, paths: nodePaths as never });
        const where = { id: { in: found.map(({ id }) => id) }, workspaceId: context.db.workspaceId };
        const read = await delegateOf(context, model).findMany({ ...selection, where });
        const rows = new Map(read.map((row) => [row.id, row]));
        const positioned = found.flatMap((position) => {
          const row = rows.get(position.id);
          return row ? [{ ...row, ...positionOf(order, position) }] : [];
        });
        const counted = (parameter: Parameter) => list.select(args, everything, parameter);
        const count = async (limit: number) => {
          const [row] = await readRows<{ count: number }>(
            context,
            (parameter) =>
              `SELECT count(*)::integer AS count FROM (SELECT 1 FROM (${counted(parameter)}) t LIMIT ${parameter(limit)}) x`,
          );
          return row?.count ?? 0;
        };
        return readPage(given, scopeOf(context), order, positioned, count) as never;
      },
    }),
  );
}

type SqlPage = { position: Position | null; other: Position | null; direction: Order['direction']; take: number } & {
  isBackward: boolean;
};

function pageOf(args: PageArgs, scope: CursorScope, { columns, direction }: Order): SqlPage {
  const sizeOnly = { first: args.first, last: args.last };
  const { take } = pageQuery(sizeOnly, scope, { columns: ['id'], direction }, []);
  const isBackward = args.last != null;
  const placeOf = (field: 'after' | 'before') => {
    const cursor = args[field];
    return cursor ? decodeCursor(scope, cursor, field, columns) : null;
  };
  const [after, before] = [placeOf('after'), placeOf('before')];
  const opposite = direction === 'asc' ? 'desc' : 'asc';
  return {
    ...(isBackward ? { position: before, other: after } : { position: after, other: before }),
    ...{ direction: isBackward ? opposite : direction, take, isBackward },
  };
}

const everything: Slice = { within: () => 'true', orderAndLimit: () => '' };

function sliceOf({ position, other, direction, take }: SqlPage, parameter: Parameter): Slice {
  const beyond = (columns: readonly string[], place: Position | null, operator: '<' | '>') =>
    place ? `(${columns.join(', ')}) ${operator} (${place.map((value) => typed(value, parameter)).join(', ')})` : null;
  const [forward, backward] = direction === 'asc' ? (['>', '<'] as const) : (['<', '>'] as const);
  return {
    within: (columns) =>
      [beyond(columns, position, forward), beyond(columns, other, backward)].filter(Boolean).join(' AND ') || 'true',
    orderAndLimit: (columns) =>
      ` ORDER BY ${columns.map((column) => `${column} ${direction}`).join(', ')} LIMIT ${take}`,
  };
}

// A row comparison has no types of columns to infer the types of its parameters from.
function typed(value: unknown, parameter: Parameter): string {
  if (value instanceof Date) return `${parameter(value)}::timestamptz`;
  return typeof value === 'number' ? `${parameter(value)}::integer` : `${parameter(value)}::uuid`;
}

// Columns of the model are instants already. Others are JSON.
function instantOf(value: unknown): Date {
  return value instanceof Date ? value : new Date(String(value));
}

function revived({ columns }: Order, position: Position): Position {
  return position.map((value, i) => (/At$/.test(columns[i] ?? '') ? instantOf(value) : value));
}

function positionOf({ columns }: Order, row: Row): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}

function readRows<Found extends object>({ db }: Context, textOf: (parameter: Parameter) => string): Promise<Found[]> {
  const values: unknown[] = [db.workspaceId];
  const text = textOf((value) => `$${values.push(value)}`);
  return db.query<Found>({ text, values });
}
