export type Described = { description?: string | null | undefined; deprecationReason?: string | null | undefined };

/** What an editor shows of something of the schema. */
export function commentOf({ description, deprecationReason }: Described): string {
  const text = (description ?? '').replaceAll('\n', ' ').replaceAll('*/', '* /');
  return `/** ${text}${deprecationReason ? ` @deprecated ${deprecationReason}` : ''} */`;
}
