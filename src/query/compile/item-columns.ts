/** What a list selects from the table of a model: its FROM item, and more columns, with a comma before each. */
export type ItemSource = { table: string; columns: string };

/** Columns of items that a list over several models selects along with its rows, so that no item is looked up. */
export class ItemColumns {
  readonly #aliases = new Map<string, string>();
  readonly #columns: ReadonlyMap<string, string>[] = [];

  /** Returns the alias of the table of a model, which is `alias` if it has none yet. */
  aliasOf(model: string, alias: string): string {
    const known = this.#aliases.get(model) ?? alias;
    this.#aliases.set(model, known);
    return known;
  }

  /** Adds a column, given its SQL for some models. It is null for the others. Returns its name. */
  add(sqlOf: ReadonlyMap<string, string>): string {
    return nameOf(this.#columns.push(sqlOf) - 1);
  }

  of(model: string): ItemSource {
    const columns = this.#columns.map((sqlOf, i) => `, ${sqlOf.get(model) ?? 'NULL::json'} AS ${nameOf(i)}`);
    return { table: `"${model}" ${this.#aliases.get(model) ?? ''}`, columns: columns.join('') };
  }
}

function nameOf(index: number): string {
  return `item${index}`;
}
