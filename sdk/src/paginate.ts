import type { Client, RequestOptions } from './client.ts';
import type { Document } from './document.ts';
import { RapportError } from './error.ts';

/** A page of a list. All lists of the API have this shape. */
export type Connection<Node> = {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined };
};

/**
 * A paginated list. Each page is read after the previous one is consumed, so `for await` reads no more pages than it
 * needs.
 */
export class Pages<Node> implements AsyncIterable<Node> {
  readonly #read: (after: string | null) => Promise<Connection<Node> | null | undefined>;
  readonly #start: string | null;

  /**
   * `read` returns the page after a cursor, or nothing if the list does not exist. `start` is the cursor to start
   * after.
   */
  constructor(
    read: (after: string | null) => Promise<Connection<Node> | null | undefined>,
    start: string | null = null,
  ) {
    this.#read = read;
    this.#start = start;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Node, void, undefined> {
    for await (const { nodes } of this.pages()) yield* nodes;
  }

  /**
   * Yields page by page, with the cursor to continue from. Throws `NOT_FOUND` if the parent of the list does not exist.
   */
  async *pages(): AsyncGenerator<Connection<Node>, void, undefined> {
    for (let after = this.#start; ; ) {
      const page: Connection<Node> | null | undefined = await this.#read(after);
      if (!page) throw new RapportError('NOT_FOUND', 'The parent of this list does not exist.');
      yield page;
      const { hasNextPage, endCursor = null } = page.pageInfo;
      if (!hasNextPage || (endCursor === null && page.nodes.length === 0)) return;
      if (endCursor === null || endCursor === after)
        throw new RapportError('BAD_RESPONSE', 'The list has a next page but no cursor for it.');
      after = endCursor;
    }
  }

  /** Returns the first items, up to `limit`. */
  async collect(limit: number): Promise<Node[]> {
    if (!(limit >= 0)) throw new RapportError('INVALID_INPUT', '`limit` must be a number of 0 or more.');
    const collected: Node[] = [];
    if (limit === 0) return collected;
    for await (const { nodes } of this.pages()) {
      collected.push(...nodes.slice(0, limit - collected.length));
      if (collected.length >= limit) break;
    }
    return collected;
  }
}

/**
 * Reads all pages of a list with the operation's `$after` variable, starting after the cursor in `variables`.
 * `connectionOf` returns the list from the operation's result.
 */
export function paginate<Data, Variables, Node>(
  client: Client,
  document: Document<Data, Variables & { after?: string | null | undefined }>,
  variables: NoInfer<Variables>,
  connectionOf: (data: Data) => Connection<Node> | null | undefined,
  options: RequestOptions = {},
): Pages<Node> {
  const read = async (after: string | null) =>
    connectionOf((await client.request(document as never, { ...variables, after } as never, options)) as Data);
  return new Pages(read, (variables as { after?: string | null } | undefined)?.after);
}
