/** The values of one request that SQL depends on. */
export type Values = {
  /** Adds a parameter and returns its placeholder. */
  parameter(value: unknown): string;
};

type Part<Request> = string | ((request: Request) => string);

/** SQL with parts that are rendered for each request. */
export type Sql<Request> = readonly Part<Request>[];

/** Joins texts, SQL and parts that are rendered for each request. */
export function sql<Request>(
  texts: TemplateStringsArray,
  ...values: (Sql<Request> | Part<Request>)[]
): Part<Request>[] {
  const parts: Part<Request>[] = [];
  texts.forEach((text, i) => {
    push(parts, text);
    const value = values[i];
    if (value === undefined) return;
    for (const part of Array.isArray(value) ? value : [value as Part<Request>]) push(parts, part);
  });
  return parts;
}

/** Joins lists of SQL with a separator. */
export function joined<Request>(each: Sql<Request>[], separator: string): Part<Request>[] {
  return each.flatMap((one, i) => (i > 0 ? [separator, ...one] : [...one]));
}

export function render<Request>(parts: Sql<Request>, request: Request): string {
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : part(request);
  return text;
}

// Neighboring texts become one, so that rendering joins few pieces.
function push<Request>(parts: Part<Request>[], part: Part<Request>): void {
  const last = parts.at(-1);
  if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
  else if (part !== '') parts.push(part);
}
