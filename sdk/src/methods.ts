import type { Client, RequestOptions } from './client.ts';
import type { Document } from './document.ts';
import type { RapportError } from './error.ts';
import { type Connection, paginate } from './paginate.ts';

/** What came of a request, without a throw. */
export type Result<Data> = { ok: true; data: Data } | { ok: false; error: RapportError };

/** One request. Rejects with a `RapportError`; `safe` gives it instead. */
export type Method<Arguments extends unknown[], Data> = {
  (...given: Arguments): Promise<Data>;
  safe(...given: Arguments): Promise<Result<Data>>;
};

type Any = Document<unknown, never>;

/**
 * Makes methods of operations, each of which answers one thing. What a method is called with and answers is said where it
 * is generated: hence `never`, which is whatever is said there.
 */
export class Methods {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Of an operation without variables. */
  plain(document: Any): never {
    return method((options) => this.#first(document, {}, options));
  }

  /** Of one that takes all its variables as they are. */
  full(document: Any): never {
    return method((variables, options) => this.#first(document, variables, options));
  }

  /** Of one with a single variable, which is given by itself. */
  single(document: Any, name: string): never {
    return method((value, options) => this.#first(document, { [name]: value }, options));
  }

  /** Of one that reads a list, under `path`. */
  pages(document: Any, ...path: string[]): never {
    const connectionOf = (data: unknown) =>
      path.reduce((within: unknown, name) => (within as never)?.[name], data) as Connection<unknown>;
    const list = (variables: object, options?: RequestOptions) =>
      paginate(this.#client, document as never, variables, connectionOf, options);
    return list as never;
  }

  async #first(document: Any, variables: unknown, options: unknown): Promise<unknown> {
    return Object.values((await this.#client.request(document, variables as never, options as never)) as object)[0];
  }
}

function method(run: (...given: unknown[]) => Promise<unknown>): never {
  const safe = async (...given: unknown[]) => {
    try {
      return { ok: true, data: await run(...given) };
    } catch (error) {
      // A client rejects with nothing but a `RapportError`.
      return { ok: false, error };
    }
  };
  return Object.assign((...given: unknown[]) => run(...given), { safe }) as never;
}
