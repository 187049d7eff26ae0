/**
 * Rows of numbers, kept column by column. Each number takes 8 bytes, and up to 8 more are reserved for growth. Objects
 * would take several times as much, and there is a row for each of a million customers.
 */
export class Columns<Name extends string> {
  length = 0;
  readonly #names: readonly Name[];
  readonly #columns: Map<Name, Float64Array>;

  constructor(names: readonly Name[]) {
    this.#names = names;
    this.#columns = new Map(names.map((name) => [name, new Float64Array(16)]));
  }

  push(row: Readonly<Record<Name, number>>): void {
    for (const name of this.#names) this.#columnWithSpace(name)[this.length] = row[name];
    this.length += 1;
  }

  /** Returns the values of a column, row by row. */
  get(name: Name): Float64Array {
    return this.#column(name).subarray(0, this.length);
  }

  #columnWithSpace(name: Name): Float64Array {
    const column = this.#column(name);
    if (this.length < column.length) return column;
    const longer = new Float64Array(column.length * 2);
    longer.set(column);
    this.#columns.set(name, longer);
    return longer;
  }

  #column(name: Name): Float64Array {
    return this.#columns.get(name) ?? new Float64Array();
  }
}
