import { execute, type GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Context } from '../graphql/context.ts';
import { returnedPoints } from '../graphql/cost/returned-points.ts';
import type { RunningOperation } from '../graphql/documents/operation.ts';
import type { Introspection } from '../graphql/introspection/introspection.ts';
import { MutationExecutor, type PreparedMutation } from '../graphql/sql/mutation-executor.ts';
import { queryRules } from '../graphql/sql/query-rules.ts';
import { variablesOf } from '../graphql/sql/request-parts.ts';
import { SqlExecutor } from '../graphql/sql/sql-executor.ts';
import { cacheBytes } from '../lib/process/cache-bytes.ts';
import { QueryPlans } from '../query/query-plans.ts';
import type { HttpEffect } from './request-error.ts';

/**
 * Result of an operation. `data` is UTF-8 JSON or a value. `isKeyConfirmed` means that the database checked the key
 * while the operation ran. `points` counts what the data holds, and is null if that is all that was requested.
 */
export type OperationResult = {
  data?: unknown;
  errors: readonly GraphQLError[];
  isKeyConfirmed: boolean;
  http?: HttpEffect;
  points: number | null;
};

/** How an operation runs. `confirmsKey` means that the database checks the key before it reads or writes anything. */
export type Execution = { confirmsKey: boolean; run: (context: Context) => Promise<OperationResult> };

/** Runs operations: compiled fields by SQL, introspection by its plan, and all else by graphql-js. */
export class Executor {
  readonly #schema: GraphQLSchema;
  readonly #sqlExecutor: SqlExecutor;
  readonly #mutationExecutor: MutationExecutor;
  readonly #introspection: Introspection;

  constructor(schema: GraphQLSchema, introspection: Introspection) {
    const plans = new QueryPlans(queryRules, schema, cacheBytes.plans);
    this.#schema = schema;
    this.#sqlExecutor = new SqlExecutor(schema, plans);
    this.#mutationExecutor = new MutationExecutor(schema, plans);
    this.#introspection = introspection;
  }

  plan(running: RunningOperation, variables: Record<string, unknown>): Execution {
    const prepared = this.#sqlExecutor.prepare(running, variables);
    if (prepared)
      return { confirmsKey: prepared.isWhole, run: (context) => this.#sqlExecutor.execute(prepared, context) };
    const mutation = this.#mutationExecutor.prepare(running, variables);
    // The transaction of a write checks the key first.
    const confirmsKey = running.operation.operation === OperationTypeNode.MUTATION;
    return {
      confirmsKey,
      run: async (context) =>
        (mutation && (await this.#write(mutation, context))) ?? this.#resolve(running, variables, context),
    };
  }

  // Returns null, and writes nothing, if graphql-js has to resolve the mutation.
  async #write(mutation: PreparedMutation, context: Context): Promise<OperationResult | null> {
    const result = await this.#mutationExecutor.execute(mutation, context);
    return result && { ...result, isKeyConfirmed: context.writtenId !== null };
  }

  async #resolve(
    running: RunningOperation,
    variableValues: Record<string, unknown>,
    contextValue: Context,
  ): Promise<OperationResult> {
    const introspected = this.#introspection.answer(running, variableValues);
    if (introspected) return { data: introspected, errors: [], isKeyConfirmed: false, points: null };
    const args = { schema: this.#schema, document: running.document, variableValues, contextValue };
    const { data, errors = [] } = await execute(args);
    // The variables are invalid, so nothing ran.
    if (data === undefined) return { errors, isKeyConfirmed: false, http: { status: 400 }, points: null };
    const variables = variablesOf(this.#schema, running, variableValues) ?? {};
    const points = returnedPoints(this.#schema, running.document, variables, data);
    return { data, errors, isKeyConfirmed: hasWritten(data), points };
  }
}

// A mutation that wrote something returns an object.
function hasWritten(data: Record<string, unknown> | null): boolean {
  return Object.values(data ?? {}).some((value) => typeof value === 'object' && value !== null);
}
