/**
 * An operation that knows what it takes and what it answers: one of ours, which is its text, or one that codegen or
 * gql.tada made.
 */
export type Document<Data, Variables> = {
  /** Never there at run time: it only carries the types. */
  readonly __apiType?: (variables: Variables) => Data;
};

/** The text of an operation, under its types. */
export function document<Data, Variables>(text: string): Document<Data, Variables> {
  return text as Document<Data, Variables>;
}

/** The text of a document, whoever made it. */
export function textOf(document: Document<unknown, never>): string {
  const { loc } = document as { loc?: { source: { body: string } } };
  return loc ? loc.source.body : String(document);
}

/** The id that stands in the place of a text, as in the operations of `ops-hash`. */
export function idIn(text: string): string | undefined {
  return /sha256:\w+$/.exec(text)?.[0];
}

/** What an operation is, and what it is called. */
export function headOf(text: string): [kind: string, name: string] {
  const [, kind = 'query', name = 'anonymous'] = /(?:^|[\s}])(query|mutation)\b\s*(\w+)?/.exec(text) ?? [];
  return [kind, name];
}
