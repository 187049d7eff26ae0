import { invalid } from '../../lib/errors.ts';
import { maxPageSize } from '../../lib/limits.ts';
import type { PagePlan } from '../../query/pages/page-plan.ts';
import { all, type Condition } from '../filters/predicate.ts';
import { type CursorScope, decodeCursor, encodeCursor } from './cursor.ts';

export type Direction = 'asc' | 'desc';

export type PageArgs = {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
};

/** A row with at least the columns of the sort order. */
export type Row = Record<string, unknown>;

export type Page = {
  rows: Row[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  cursorOf: (row: Row) => string;
  /** Counts all rows of the list, up to `limit`. */
  totalCount: (limit: number) => Promise<number>;
};

/** Total sort order: the last column is unique within the list. */
export type Order = { columns: string[]; direction: Direction };

/** Database query for one page. */
export type PageQuery = { where: Condition; orderBy: Condition[]; take: number };

export const defaultPageSize = 20;

/** Builds the query for one page: a keyset predicate and one extra row, which shows whether more rows follow. */
export function pageQuery(args: PageArgs, list: CursorScope, order: Order, conditions: Condition[]): PageQuery {
  const { columns, direction } = order;
  const within = [...conditions];
  if (args.after) within.push(beyond(columns, decodeCursor(list, args.after, 'after', columns), direction));
  if (args.before)
    within.push(beyond(columns, decodeCursor(list, args.before, 'before', columns), opposite(direction)));
  const read = isBackward(args) ? opposite(direction) : direction;
  return { where: all(within), orderBy: columns.map((column) => ({ [column]: read })), take: pageSize(args) + 1 };
}

/** Plans a page for a statement that reads it with its parent. */
export function pagePlan(args: PageArgs, list: CursorScope, order: Order, conditions: Condition[]): PagePlan {
  const { where } = pageQuery(args, list, order, conditions);
  const backward = isBackward(args);
  const direction = backward ? opposite(order.direction) : order.direction;
  return {
    rows: where,
    counted: all(conditions),
    orderBy: order.columns.map((column) => ({ column, direction })),
    size: pageSize(args),
    isBackward: backward,
    hasOthers: Boolean(backward ? args.before : args.after),
    cursorOf: (position) => encodeCursor(list, position),
  };
}

/** Builds the page from the rows that its query found. */
export function readPage(
  args: PageArgs,
  list: CursorScope,
  order: Order,
  found: Row[],
  totalCount: Page['totalCount'],
): Page {
  const size = pageSize(args);
  const backward = isBackward(args);
  const rows = found.slice(0, size);
  const more = found.length > size;
  return {
    rows: backward ? rows.reverse() : rows,
    hasNextPage: backward ? Boolean(args.before) : more,
    hasPreviousPage: backward ? more : Boolean(args.after),
    cursorOf: (row) =>
      encodeCursor(
        list,
        order.columns.map((column) => row[column]),
      ),
    totalCount,
  };
}

function pageSize({ first, last }: PageArgs): number {
  if (isGiven(first) && isGiven(last)) throw invalid('Send either `first` or `last`, not both.', 'last');
  const size = first ?? last ?? defaultPageSize;
  const name = isGiven(last) ? 'last' : 'first';
  if (size < 0 || size > maxPageSize)
    throw invalid(`\`${name}\` must be between 0 and ${maxPageSize} (got ${size}).`, name);
  return size;
}

function isBackward({ last }: PageArgs): boolean {
  return isGiven(last);
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

function opposite(direction: Direction): Direction {
  return direction === 'asc' ? 'desc' : 'asc';
}

// For (a, id) after (x, y): `a >= x AND (a > x OR id > y)`. The first condition bounds the index scan.
function beyond(columns: string[], values: unknown[], direction: Direction): Condition {
  const [strictly, atLeast] = direction === 'asc' ? ['gt', 'gte'] : ['lt', 'lte'];
  const [column = '', last = ''] = columns;
  if (columns.length === 1) return { [column]: { [strictly]: values[0] } };
  return {
    [column]: { [atLeast]: values[0] },
    OR: [{ [column]: { [strictly]: values[0] } }, { [last]: { [strictly]: values[1] } }],
  };
}

/** Throws if the number up to which a total is counted is invalid. */
export function checkLimit(limit: unknown): asserts limit is number {
  if (typeof limit !== 'number' || limit < 1 || limit > 10_000_000)
    throw invalid('`limit` must be between 1 and 10,000,000.', 'limit');
}
