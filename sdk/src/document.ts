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

/** What writes the text of a document that is a tree, such as `print` of graphql or @0no-co/graphql.web. */
export type Print = (tree: never) => string;

/** The text of a document, whoever made it; what `print` makes of a tree that does not hold its own, as gql.tada's. */
export function textOf(document: Document<unknown, never>, print?: Print): string {
  const { loc, definitions } = Object(document) as { loc?: { source: { body: string } }; definitions?: unknown };
  const text = loc ? loc.source.body : String(definitions ? (print as Print)(document as never) : document);
  if (!/{|sha256:/.test(text)) throw TypeError();
  return text;
}

/** The id that stands in the place of a text, as in the operations of `ops-hash`. */
export function idIn(text: string): string | undefined {
  return /sha256:\w+$/.exec(text)?.[0];
}

/** What the first operation of a text is called. */
export function nameIn(text: string): string {
  return /(?:^|})\s*(?:query|mutation)\s+(\w+)/.exec(text.replace(/#.*/g, ''))?.[1] ?? 'anonymous';
}
