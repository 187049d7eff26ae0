import type { Client, RequestOptions } from './client.ts';
import type { Document } from './document.ts';
import type { RapportError } from './error.ts';
import { type Connection, paginate } from './paginate.ts';

/** Result of a request that does not throw. */
export type Result<Data> = { ok: true; data: Data } | { ok: false; error: RapportError };

/** A method for one request. Rejects with a `RapportError`; `safe` returns the error instead. */
export type Method<Arguments extends unknown[], Data> = {
  (...given: Arguments): Promise<Data>;
  safe(...given: Arguments): Promise<Result<Data>>;
};

type Any = Document<unknown, never>;

/**
 * Creates the methods for operations. The generated code declares their argument and result types, so they return
 * `never`, which is assignable to any type.
 */
export class Methods {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Creates a method without variables. */
  plain(document: Any): never {
    return method((options) => this.#first(document, {}, options));
  }

  /** Creates a method that takes all variables as an object. */
  full(document: Any): never {
    return method((variables, options) => this.#first(document, variables, options));
  }

  /** Creates a method that takes its single variable directly. */
  single(document: Any, name: string): never {
    return method((value, options) => this.#first(document, { [name]: value }, options));
  }

  /** Creates a method that reads the list under `path`. */
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
      // The client only ever rejects with a `RapportError`.
      return { ok: false, error };
    }
  };
  return Object.assign((...given: unknown[]) => run(...given), { safe }) as never;
}
