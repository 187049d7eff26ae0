/** Text of the last statement that was built for a plan. */
export class StatementText {
  #texts: readonly string[] = [];
  #joined = '';

  /**
   * Joins texts. While they are the same, it returns the same string, whose hash V8 has: a large statement would
   * otherwise be copied and hashed for each request, in order to find its name.
   */
  of(texts: readonly string[]): string {
    if (!isSame(texts, this.#texts)) {
      this.#texts = texts;
      this.#joined = texts.join('');
    }
    return this.#joined;
  }
}

function isSame(texts: readonly string[], others: readonly string[]): boolean {
  return texts.length === others.length && texts.every((text, i) => text === others[i]);
}

/** SQL for the JSON of a field, as texts to be joined, and where the statement that begins with it is kept. */
export type FieldSql = { texts: readonly string[]; statement: StatementText };

/** Builds a statement that selects fields as columns, numbered from 0. `head` is what comes before them. */
export function selectFields(head: string, fields: readonly FieldSql[], column: string): string {
  const texts = [head];
  fields.forEach((field, i) => {
    if (i > 0) texts.push(', ');
    for (const text of field.texts) texts.push(text);
    texts.push(`::text AS "${column}${i}"`);
  });
  return fields[0]?.statement.of(texts) ?? texts.join('');
}
