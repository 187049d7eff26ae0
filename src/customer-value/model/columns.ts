import { GrowingNumbers } from '../../lib/growing-numbers.ts';

/**
 * Rows of numbers, kept column by column, with 8 bytes per number. Objects would take several times as much, and there is
 * a row for each of a million customers.
 */
export class Columns<Name extends string> {
  length = 0;
  readonly #columns: Map<Name, GrowingNumbers<Float64Array>>;

  constructor(names: readonly Name[]) {
    const column = () => new GrowingNumbers((length) => new Float64Array(length));
    this.#columns = new Map(names.map((name) => [name, column()]));
  }

  push(row: Readonly<Record<Name, number>>): void {
    for (const [name, column] of this.#columns) column.push(row[name]);
    this.length += 1;
  }

  /** Returns the values of a column, row by row. */
  get(name: Name): Float64Array {
    return this.#columns.get(name)?.slice() ?? new Float64Array();
  }
}
