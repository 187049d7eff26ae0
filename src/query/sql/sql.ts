/** The values of one request that SQL depends on. */
export type Values = {
  /** Adds a parameter and returns its placeholder. */
  parameter(value: unknown): string;
};

/** SQL between two texts that depend on the same values. */
type Enclosed<Request> = { around: (request: Request) => [before: string, after: string]; within: Sql<Request> };

type Part<Request> = string | ((request: Request) => string) | Enclosed<Request>;

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

/** Renders SQL as texts to be joined. Most of them are the same for each request. */
export function render<Request>(parts: Sql<Request>, request: Request, texts: string[] = []): string[] {
  for (const part of parts)
    if (typeof part === 'string') texts.push(part);
    else if (typeof part === 'function') texts.push(part(request));
    else {
      const [before, after] = part.around(request);
      texts.push(before);
      render(part.within, request, texts);
      texts.push(after);
    }
  return texts;
}

/** Returns how long the rendered SQL is, approximately. */
export function lengthOf<Request>(parts: Sql<Request>): number {
  return parts.reduce((length, part) => {
    if (typeof part === 'string') return length + part.length;
    return length + 200 + (typeof part === 'function' ? 0 : lengthOf(part.within));
  }, 0);
}

// Neighboring texts become one, so that rendering joins few pieces.
function push<Request>(parts: Part<Request>[], part: Part<Request>): void {
  const last = parts.at(-1);
  if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
  else if (part !== '') parts.push(part);
}
