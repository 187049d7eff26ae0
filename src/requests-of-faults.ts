import { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from './graphql/context.ts';

/** Remembers in which request an error occurred, because the code that logs it sees only the error. */
export class RequestsOfFaults {
  readonly #requestOf = new WeakMap<object, string>();

  /** Records the request of an error, or of its original error. Returns the error. */
  note(error: unknown, requestId: string): unknown {
    const fault = error instanceof GraphQLError ? (error.originalError ?? error) : error;
    if (fault instanceof Error) this.#requestOf.set(fault, requestId);
    return error;
  }

  /** Returns the ID of the request in which an error occurred. */
  of(fault: unknown): string | undefined {
    return fault instanceof Error ? this.#requestOf.get(fault) : undefined;
  }

  /** Records the errors of an execution before Yoga masks them. */
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
