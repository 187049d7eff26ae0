import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.ts';
import { DomainError } from '../lib/errors.ts';
import { cacheBytes } from '../lib/process/cache-bytes.ts';

export type Allowance = { remaining: number; resetAt: Date };

/**
 * Points that a process has reserved from the shared count of the current minute, but not spent yet. Times are those of
 * `performance.now()`, a clock that nobody can set.
 */
type Lease = {
  points: number;
  /** Points that no process had reserved when the database last counted. */
  common: number;
  /** Time from which the database may be asked for more points. */
  emptyUntil: number;
  endsAt: number;
  /** The database's time at `endsAt`. */
  resetAt: Date;
};

type Counted = { taken: string; resetAt: Date; leftMs: number };

// How long a process waits before it asks again whether another one has returned points.
const emptyMs = 1_000;

// Adds points to the count, and takes those off that were added in the same minute and are not needed.
const countPoints = `
  INSERT INTO "RateLimit" AS r ("workspaceId", "holder", "startedAt", "points")
  VALUES ($1::uuid, $2, date_trunc('minute', now()), $3)
  ON CONFLICT ("workspaceId", "holder") DO UPDATE SET
    "startedAt" = CASE WHEN r."startedAt" = EXCLUDED."startedAt" + interval '1 minute'
      THEN r."startedAt" ELSE EXCLUDED."startedAt" END,
    "points" = EXCLUDED."points" + CASE WHEN r."startedAt" >= EXCLUDED."startedAt" THEN r."points" ELSE 0 END
      - CASE WHEN r."startedAt" >= EXCLUDED."startedAt" AND r."startedAt" + interval '1 minute' = $5::timestamptz
        THEN $4::bigint ELSE 0 END
  RETURNING "points" AS taken, "startedAt" + interval '1 minute' AS "resetAt",
    extract(epoch FROM "startedAt" + interval '1 minute' - clock_timestamp())::float8 * 1000 AS "leftMs"`;

/**
 * Limits the points that each key can spend per minute. The database counts them, so that all processes share one
 * count. A process reserves a fiftieth at a time, so that most requests need no statement. It returns what it has beyond
 * two fiftieths, because requests spend more than they turn out to cost. Points that it has not spent by the end of the
 * minute are lost. A key therefore never exceeds the limit, and n processes withhold at most 2n fiftieths of it.
 */
export class RateLimiter {
  readonly #database: Database;
  readonly #perMinute: number;
  readonly #share: number;
  // An evicted lease is lost: its holder reserves another one.
  readonly #leases: LRUCache<string, Lease>;
  readonly #taking = new Map<string, Promise<void>>();
  readonly #returning = new Map<string, Promise<void>>();

  constructor(database: Database, perMinute: number, maxLeases = cacheBytes.rateLimitLeases / 400) {
    this.#database = database;
    this.#perMinute = perMinute;
    this.#share = Math.ceil(perMinute / 50);
    this.#leases = new LRUCache({ max: maxLeases });
  }

  /** Spends points. Fails with RATE_LIMITED and `retryAfterMs` if too few are left in this minute. */
  async spend(workspaceId: string, holder: string, points: number): Promise<Allowance> {
    for (;;) {
      const lease = this.#current(holder);
      if (lease && lease.points >= points) {
        lease.points -= points;
        return allowanceOf(lease);
      }
      if (lease && lease.emptyUntil > performance.now()) throw this.#refusal(lease.endsAt);
      // Requests of one tick share a reservation.
      const taking = this.#taking.get(holder) ?? this.#take(workspaceId, holder, points);
      this.#taking.set(holder, taking);
      await taking.finally(() => this.#taking.delete(holder));
    }
  }

  /** Returns points that a request did not need. They are lost if their minute, that of `spent`, is over. */
  refund(workspaceId: string, holder: string, points: number, spent: Allowance): Allowance {
    const lease = this.#current(holder);
    if (lease?.resetAt.getTime() !== spent.resetAt.getTime()) return spent;
    lease.points += points;
    const surplus = lease.points - this.#share;
    if (surplus > this.#share) {
      lease.points -= surplus;
      lease.common += surplus;
      this.#giveBack(workspaceId, holder, surplus, lease.resetAt);
    }
    return allowanceOf(lease);
  }

  #current(holder: string): Lease | undefined {
    const lease = this.#leases.get(holder);
    return lease && lease.endsAt > performance.now() ? lease : undefined;
  }

  // Points spent before the database's clock was set back still count. If it was set back by up to a minute, the later
  // minute stays current. If by more, the points count for the minute that is current now, so that nobody waits for
  // long.
  async #take(workspaceId: string, holder: string, points: number): Promise<void> {
    // What this process is returning must be counted first, or the points seem to be used up.
    await this.#returning.get(holder);
    const wanted = Math.max(points, this.#share);
    const { left, endsAt, resetAt } = await this.#count(workspaceId, holder, wanted, 0, null);
    const before = this.#current(holder);
    const kept = before?.resetAt.getTime() === resetAt.getTime() ? before.points : 0;
    const reserved = Math.max(0, wanted + Math.min(0, left));
    this.#leases.set(holder, {
      points: kept + reserved,
      common: Math.max(0, left),
      emptyUntil: left > 0 ? 0 : performance.now() + emptyMs,
      endsAt,
      resetAt,
    });
    if (reserved < wanted) this.#giveBack(workspaceId, holder, wanted - reserved, resetAt);
  }

  // Runs in the background. Points are lost if the database cannot be reached.
  #giveBack(workspaceId: string, holder: string, points: number, resetAt: Date): void {
    const before = this.#returning.get(holder);
    const returning = this.#return(workspaceId, holder, points, resetAt).then(() => before);
    this.#returning.set(holder, returning);
    void returning.finally(() => {
      if (this.#returning.get(holder) === returning) this.#returning.delete(holder);
    });
  }

  async #return(workspaceId: string, holder: string, points: number, resetAt: Date): Promise<void> {
    const counted = await this.#count(workspaceId, holder, 0, points, resetAt).catch(() => null);
    const lease = this.#current(holder);
    if (!counted || lease?.resetAt.getTime() !== counted.resetAt.getTime()) return;
    lease.common = Math.max(0, counted.left);
    if (counted.left > 0) lease.emptyUntil = 0;
  }

  async #count(workspaceId: string, holder: string, added: number, returned: number, resetAt: Date | null) {
    const db = this.#database.forWorkspace(workspaceId);
    const [row] = await db.query<Counted>({
      text: countPoints,
      values: [workspaceId, holder, added, returned, resetAt],
    });
    return {
      left: this.#perMinute - Number(row?.taken ?? 0),
      endsAt: performance.now() + (row?.leftMs ?? 0),
      resetAt: row?.resetAt ?? new Date(),
    };
  }

  #refusal(endsAt: number): DomainError {
    const retryAfterMs = Math.max(1, Math.ceil(endsAt - performance.now()));
    const limit = this.#perMinute.toLocaleString('en-US');
    const message = `Rate limit exceeded: ${limit} points per minute. Retry in ${Math.ceil(retryAfterMs / 1_000)} s.`;
    return new DomainError('RATE_LIMITED', message, { retryAfterMs });
  }
}

function allowanceOf({ points, common, resetAt }: Lease): Allowance {
  return { remaining: points + common, resetAt };
}
