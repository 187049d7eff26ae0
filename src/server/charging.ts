import type { GraphQLSchema } from 'graphql';
import type { RateLimiter } from '../access/rate-limit.ts';
import type { Context } from '../graphql/context.ts';
import type { RunningOperation } from '../graphql/documents/operation.ts';
import { checkCost, costOf } from '../graphql/limits.ts';
import { DomainError } from '../lib/errors.ts';
import type { Limits } from '../lib/limits.ts';

/** Cost of a request, and what is left of the budget of its key if it was charged. */
export type Cost = { requested: number; limit: number; remaining?: number; resetAt?: Date };

/** Outcome of charging a request. `refund` returns the points if the request turns out to have no valid key. */
export type Charge = { cost: Cost; rejection: DomainError | null; refund: () => void };

/** Charges the cost of requests to their keys. */
export class Charging {
  readonly #schema: GraphQLSchema;
  readonly #limits: Limits;
  readonly #limiter: RateLimiter;

  constructor(schema: GraphQLSchema, limits: Limits, limiter: RateLimiter) {
    this.#schema = schema;
    this.#limits = limits;
    this.#limiter = limiter;
  }

  /** Charges a request. Rejects it with QUERY_TOO_COMPLEX or RATE_LIMITED, and charges nothing, if it exceeds a limit. */
  async charge(context: Context, running: RunningOperation, variables: Record<string, unknown>): Promise<Charge> {
    const { workspaceId, keyId, customerId } = context.viewer;
    const requested = costOf(this.#schema, running, variables, context);
    const limit = this.#limits.cost;
    const holder = customerId === null ? keyId : `${keyId} ${customerId}`;
    const points = Math.max(requested, 1);
    try {
      checkCost(requested, this.#limits);
      const { remaining, resetAt } = await this.#limiter.spend(workspaceId, holder, points);
      const refund = () => this.#limiter.refund(holder, points);
      return { cost: { requested, limit, remaining, resetAt }, rejection: null, refund };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { cost: { requested, limit }, rejection: error, refund: () => undefined };
    }
  }
}
