/**
 * An operation with the types of its variables and result: one of ours, which is a string, or one created by codegen or
 * gql.tada.
 */
export type Document<Data, Variables> = {
  /** Never present at run time; it only carries the types. */
  readonly __apiType?: (variables: Variables) => Data;
};

/** Adds types to the text of an operation, which may come in parts. */
export function document<Data, Variables>(...parts: string[]): Document<Data, Variables> {
  return parts.join('') as Document<Data, Variables>;
}

/** Prints a document that is a syntax tree, such as `print` of graphql or @0no-co/graphql.web. */
export type Print = (tree: never) => string;

/** Returns the text of any document. Uses `print` for syntax trees without text, such as those of gql.tada. */
export function textOf(document: Document<unknown, never>, print?: Print): string {
  const { loc, definitions } = Object(document) as { loc?: { source: { body: string } }; definitions?: unknown };
  const text = loc ? loc.source.body : String(definitions ? (print as Print)(document as never) : document);
  if (!/{|sha256:/.test(text)) throw TypeError();
  return text;
}

/** Returns the ID that replaces the text in the operations of `ops-hash`. */
export function idIn(text: string): string | undefined {
  return /sha256:\w+$/.exec(text)?.[0];
}

/** Returns the name of the first operation in a text. */
export function nameIn(text: string): string {
  return /(?:^|})\s*(?:query|mutation)\s+(\w+)/.exec(text.replace(/#.*/g, ''))?.[1] ?? 'anonymous';
}
