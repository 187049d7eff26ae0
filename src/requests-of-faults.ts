import { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from './graphql/context.ts';

/** Remembers which request a fault arose in: whoever reports the fault sees nothing else. */
export class RequestsOfFaults {
  readonly #requestOf = new WeakMap<object, string>();

  /** Notes the request of an error, or of the one behind it. Returns the error. */
  note(error: unknown, requestId: string): unknown {
    const fault = error instanceof GraphQLError ? (error.originalError ?? error) : error;
    if (fault instanceof Error) this.#requestOf.set(fault, requestId);
    return error;
  }

  /** The ID of the request that a fault arose in. */
  of(fault: unknown): string | undefined {
    return fault instanceof Error ? this.#requestOf.get(fault) : undefined;
  }

  /** Notes what execution throws, before Yoga masks it. */
  plugin(): Plugin<Context> {
    return {
      onExecute: ({ args: { contextValue } }) => ({
        onExecuteDone: ({ result }) => {
          const errors = isAsyncIterable(result) ? [] : (result.errors ?? []);
          for (const error of errors) this.note(error, contextValue.requestId);
        },
      }),
    };
  }
}
