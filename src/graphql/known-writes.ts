import type { Plugin } from 'graphql-yoga';
import type { Context } from './context.ts';
import { operationOf, requestText } from './operation.ts';

type Params = { query?: string | undefined; operationName?: string | null | undefined };

/**
 * Which mutations were run before, by their texts. Every write asks in its transaction whether its key still holds, so
 * who shows it may be remembered.
 */
export class KnownWrites {
  readonly #known = new Set<string>();

  has(params: Params | undefined): boolean {
    return params?.query !== undefined && this.#known.has(requestText(params.query, params.operationName));
  }

  plugin(): Plugin<Context> {
    return {
      onExecute: ({ args: { document, operationName, contextValue } }) => {
        const { params } = contextValue;
        if (!params?.query || operationOf(document, operationName)?.operation.operation !== 'mutation') return;
        if (this.#known.size >= most) this.#known.clear();
        this.#known.add(requestText(params.query, params.operationName));
      },
    };
  }
}

const most = 200;
