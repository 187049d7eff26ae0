/** The text of one operation, which knows what it takes and what it answers. */
export type Document<Data, Variables> = string & {
  /** Never there at run time: it only carries the types. */
  readonly ' types'?: (variables: Variables) => Data;
};

export function document(text: string): string {
  return text;
}
