import type { GraphQLSchema } from 'graphql';
import type { RateLimiter } from '../access/rate-limit.ts';
import type { Context } from '../graphql/context.ts';
import { checkCost, costOf } from '../graphql/cost/limits.ts';
import type { RunningOperation } from '../graphql/documents/operation.ts';
import { DomainError } from '../lib/errors.ts';
import type { Limits } from '../lib/limits.ts';

/** Cost of a request in points. What it used and what is left of its key's budget are only set if it was charged. */
export type Cost = { requested: number; actual?: number; limit: number; remaining?: number; resetAt?: Date };

/** A request that exceeds a limit. Nothing is charged. */
type RejectedCharge = { cost: Cost; rejection: DomainError };

/** A request that was charged what it may cost at most. */
export type AcceptedCharge = {
  rejection: null;
  /** Refunds what the request did not use, and returns its cost. It used everything if `used` is null. */
  settle: (used: number | null) => Cost;
  /** Refunds everything, because the request turned out to have no valid key. */
  refund: () => void;
};

/** Outcome of charging a request. */
export type Charge = RejectedCharge | AcceptedCharge;

/** Charges the cost of requests to their keys. */
export class CostLimiter {
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
    const requested = costOf(this.#schema, running, variables);
    const limit = this.#limits.cost;
    const holder = customerId === null ? keyId : `${keyId} ${customerId}`;
    try {
      checkCost(requested, this.#limits);
      const spent = await this.#limiter.spend(workspaceId, holder, requested);
      let charged = requested;
      const settle = (used: number | null): Cost => {
        const actual = used === null ? requested : Math.min(Math.max(used, 1), requested);
        const left = this.#limiter.refund(workspaceId, holder, charged - actual, spent);
        charged = actual;
        return { requested, actual, limit, ...left };
      };
      return { rejection: null, settle, refund: () => this.#limiter.refund(workspaceId, holder, charged, spent) };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { cost: { requested, limit }, rejection: error };
    }
  }
}
