import type { Plugin } from 'graphql-yoga';
import type { Context } from './context.ts';
import { operationOf } from './operation.ts';

type Params = { query?: string | undefined; operationName?: string | null | undefined };

/**
 * Which mutations were run before, by their texts. Every write asks in its transaction whether its key still holds, so
 * who shows it may be remembered.
 */
export class KnownWrites {
  readonly #known = new Set<string>();

  has(params: Params | undefined): boolean {
    return this.#known.has(nameOf(params));
  }

  plugin(): Plugin<Context> {
    return {
      onExecute: ({ args: { document, operationName, contextValue } }) => {
        const { params } = contextValue;
        if (!params?.query || operationOf(document, operationName)?.operation.operation !== 'mutation') return;
        if (this.#known.size >= most) this.#known.clear();
        this.#known.add(nameOf(params));
      },
    };
  }
}

const most = 200;

function nameOf({ query, operationName }: Params = {}): string {
  return `${operationName ?? ''} ${query ?? ''}`;
}
