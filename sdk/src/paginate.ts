import type { Client, RequestOptions } from './client.ts';
import type { Document } from './document.ts';
import { RapportError } from './error.ts';

/** A page of a list, as every list of the API gives it. */
export type Connection<Node> = {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined };
};

/** A list that is read page by page, each when the one before is through: `for await` reads no page that it does not need. */
export class Pages<Node> implements AsyncIterable<Node> {
  readonly #read: (after: string | null) => Promise<Connection<Node> | null | undefined>;

  /** `read` gives the page after a cursor, or nothing where there is no list. */
  constructor(read: (after: string | null) => Promise<Connection<Node> | null | undefined>) {
    this.#read = read;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Node, void, undefined> {
    for await (const page of this.pages()) yield* page;
  }

  /** One page after the other. */
  async *pages(): AsyncGenerator<Node[], void, undefined> {
    for (let after: string | null = null; ; ) {
      const page: Connection<Node> | null | undefined = await this.#read(after);
      if (!page) return;
      yield page.nodes;
      const { hasNextPage, endCursor = null } = page.pageInfo;
      if (!hasNextPage) return;
      if (endCursor === null || endCursor === after)
        throw new RapportError('BAD_RESPONSE', 'The list says that it goes on, and not where.');
      after = endCursor;
    }
  }

  /** The first of them, at most so many. */
  async collect(limit: number): Promise<Node[]> {
    const collected: Node[] = [];
    if (limit <= 0) return collected;
    for await (const page of this.pages()) {
      collected.push(...page.slice(0, limit - collected.length));
      if (collected.length >= limit) break;
    }
    return collected;
  }
}

/** All pages of a list that an operation reads with `$after`; `connectionOf` says where in its answer the list is. */
export function paginate<Data, Variables, Node>(
  client: Client,
  document: Document<Data, Variables & { after?: string | null | undefined }>,
  variables: NoInfer<Variables>,
  connectionOf: (data: Data) => Connection<Node> | null | undefined,
  options: RequestOptions = {},
): Pages<Node> {
  return new Pages(async (after) =>
    connectionOf((await client.request(document as never, { ...variables, after } as never, options)) as Data),
  );
}
