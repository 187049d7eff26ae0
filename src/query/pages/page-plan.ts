import type { ItemSource } from '../compile/item-columns.ts';
import type { Condition, RowSql } from '../sql/condition.ts';

/** Page of a list: which rows it holds, and how their cursors are encoded. */
export type Page = {
  size: number;
  /** Whether the rows are read from the end of the list. */
  isBackward: boolean;
  /** Whether there are more items on the side from which the page does not read. */
  hasOthers: boolean;
  /** Encodes the position of a row, from the values of the columns that the list is sorted by. */
  cursorOf(position: unknown[]): string;
};

/** A page of a request, with the points that each list adds apart from its rows, such as those of its total. */
export type CountedPage = Page & { points: number };

/**
 * SQL for the rows of a page, of a parent with this alias. If it reads the rows of several models, it selects from each
 * what `itemsOf` returns.
 */
export type PageSql = (
  parent: string,
  parameter: (value: unknown) => string,
  itemsOf: (model: string) => ItemSource,
) => string;

/** Which rows a page holds, and in which order. */
export type PagePlan = Page & {
  /** Condition on the rows, or SQL for the rows of the page. */
  rows: Condition | PageSql;
  /** Condition on the rows that count for the total, or SQL for these rows. */
  counted: Condition | RowSql;
  orderBy: { column: string; direction: 'asc' | 'desc' }[];
  /** Whether the values of the arguments decide how many rows match, so PostgreSQL should plan for them. No by default. */
  dependsOnValues?: boolean;
};

/** Plan of a page, and its points as in `CountedPage`. */
export type CountedPlan = PagePlan & { points: number };
