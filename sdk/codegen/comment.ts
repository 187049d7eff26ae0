export type Described = { description?: string | null | undefined; deprecationReason?: string | null | undefined };

/** Returns the doc comment for a schema element. */
export function commentOf({ description, deprecationReason }: Described): string {
  const text = (description ?? '').replaceAll('\n', ' ').replaceAll('*/', '* /');
  return `/** ${text}${deprecationReason ? ` @deprecated ${deprecationReason}` : ''} */`;
}
