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

/** What an operation is and is called. */
export function headOf(text: string): { isMutation: boolean; name: string } {
  const [, kind, name = 'anonymous'] = /(?:^|[\s}])(query|mutation)\b\s*(\w+)?/.exec(text) ?? [];
  return { isMutation: kind === 'mutation', name };
}
