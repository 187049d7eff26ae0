import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from './context.ts';
import type { ParsedDocuments } from './documents.ts';
import { operationOf, type RunningOperation } from './operation.ts';

type Params = { query?: string | undefined; operationName?: string | null | undefined };

/**
 * Remembers which mutations ran before. A write checks in its transaction that its key is still valid, so the caller
 * may come from the key cache. If a mutation wrote nothing, `confirm` checks the key and throws if it is no longer
 * valid.
 */
export class KnownWrites {
  readonly #documents: ParsedDocuments;
  readonly #confirm: (context: Context) => Promise<unknown>;
  readonly #known = new WeakSet<RunningOperation>();

  constructor(documents: ParsedDocuments, confirm: (context: Context) => Promise<unknown>) {
    this.#documents = documents;
    this.#confirm = confirm;
  }

  has(params: Params | undefined): boolean {
    const document = params?.query === undefined ? undefined : this.#documents.get(params.query);
    const running = document && operationOf(document, params?.operationName);
    return running ? this.#known.has(running) : false;
  }

  plugin(): Plugin<Context> {
    return {
      onExecute: ({ args: { document, operationName, contextValue } }) => {
        const running = operationOf(document, operationName);
        if (running?.operation.operation === 'mutation') this.#known.add(running);
        if (!contextValue.isRemembered) return undefined;
        return {
          onExecuteDone: async ({ result, setResult }) => {
            if (isAsyncIterable(result) || hasWritten(result)) return;
            await this.#confirm(contextValue).catch((error: unknown) => setResult({ errors: [errorOf(error)] }));
          },
        };
      },
    };
  }
}

// A mutation that wrote something returns an object.
function hasWritten({ data }: ExecutionResult): boolean {
  return Object.values(data ?? {}).some((value) => typeof value === 'object' && value !== null);
}

function errorOf(error: unknown): GraphQLError {
  return new GraphQLError('The request was rejected.', { originalError: error instanceof Error ? error : null });
}
