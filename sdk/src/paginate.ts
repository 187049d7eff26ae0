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
  readonly #start: string | null;

  /** `read` gives the page after a cursor, or nothing where there is no list; `start`, after what the first page begins. */
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

  /** One page after the other, with the cursor to go on from later. NOT_FOUND where there is nobody whose list it is. */
  async *pages(): AsyncGenerator<Connection<Node>, void, undefined> {
    for (let after = this.#start; ; ) {
      const page: Connection<Node> | null | undefined = await this.#read(after);
      if (!page) throw new RapportError('NOT_FOUND', 'There is nobody, or nothing, whose list this is.');
      yield page;
      const { hasNextPage, endCursor = null } = page.pageInfo;
      if (!hasNextPage || (endCursor === null && page.nodes.length === 0)) return;
      if (endCursor === null || endCursor === after)
        throw new RapportError('BAD_RESPONSE', 'The list says that it goes on, and not where.');
      after = endCursor;
    }
  }

  /** The first of them, at most so many. */
  async collect(limit: number): Promise<Node[]> {
    if (!(limit >= 0)) throw new RapportError('INVALID_INPUT', 'Say how many to collect, at most.');
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
 * All pages of a list that an operation reads with `$after`, from the one in `variables` on; `connectionOf` says where in
 * its answer the list is.
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
