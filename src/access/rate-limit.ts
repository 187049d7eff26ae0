import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.ts';
import { DomainError } from '../lib/errors.ts';
import { cacheBytes } from '../lib/process/cache-bytes.ts';

export type Allowance = { remaining: number; resetAt: Date };

/**
 * Points that a process has reserved from the shared count of the current minute, but not spent yet. The lease ends by
 * `performance.now()`, a clock that nobody can set. `resetAt` is the database's time at that moment.
 */
type Lease = { points: number; isLast: boolean; common: number; endsAt: number; resetAt: Date };

type Taken = { taken: string; resetAt: Date; leftMs: number };

const takePoints = `
  INSERT INTO "RateLimit" AS r ("workspaceId", "holder", "startedAt", "points")
  VALUES ($1::uuid, $2, date_trunc('minute', now()), $3)
  ON CONFLICT ("workspaceId", "holder") DO UPDATE SET
    "startedAt" = CASE WHEN r."startedAt" = EXCLUDED."startedAt" + interval '1 minute'
      THEN r."startedAt" ELSE EXCLUDED."startedAt" END,
    "points" = EXCLUDED."points" + CASE WHEN r."startedAt" >= EXCLUDED."startedAt" THEN r."points" ELSE 0 END
  RETURNING "points" AS taken, "startedAt" + interval '1 minute' AS "resetAt",
    extract(epoch FROM "startedAt" + interval '1 minute' - clock_timestamp())::float8 * 1000 AS "leftMs"`;

/**
 * Limits the points that each key can spend per minute. The database counts them, so that all processes share one
 * count. A process reserves a fiftieth at a time, so that most requests need no statement. Points that it has not spent
 * by the end of the minute are lost. A key therefore never exceeds the limit, and n processes lose at most n fiftieths
 * of it.
 */
export class RateLimiter {
  readonly #database: Database;
  readonly #perMinute: number;
  // An evicted lease is lost: its holder reserves another one.
  readonly #leases: LRUCache<string, Lease>;
  readonly #taking = new Map<string, Promise<void>>();

  constructor(database: Database, perMinute: number, maxLeases = cacheBytes.rateLimitLeases / 400) {
    this.#database = database;
    this.#perMinute = perMinute;
    this.#leases = new LRUCache({ max: maxLeases });
  }

  /** Spends points. Fails with RATE_LIMITED and `retryAfterMs` if too few are left in this minute. */
  async spend(workspaceId: string, holder: string, points: number): Promise<Allowance> {
    for (;;) {
      const lease = this.#current(holder);
      if (lease && lease.points >= points) {
        lease.points -= points;
        return { remaining: lease.points + lease.common, resetAt: lease.resetAt };
      }
      if (lease?.isLast) throw this.#refusal(lease.endsAt);
      // Requests of one tick share a reservation.
      const taking = this.#taking.get(holder) ?? this.#take(workspaceId, holder, points);
      this.#taking.set(holder, taking);
      await taking.finally(() => this.#taking.delete(holder));
    }
  }

  /** Returns points that were spent on a request that did not run, if their minute is still current. */
  refund(holder: string, points: number): void {
    const lease = this.#current(holder);
    if (lease) lease.points += points;
  }

  #current(holder: string): Lease | undefined {
    const lease = this.#leases.get(holder);
    return lease && lease.endsAt > performance.now() ? lease : undefined;
  }

  // Points spent before the database's clock was set back still count. If it was set back by up to a minute, the later
  // minute stays current. If by more, the points count for the minute that is current now, so that nobody waits for
  // long.
  async #take(workspaceId: string, holder: string, points: number): Promise<void> {
    const wanted = Math.max(points, Math.ceil(this.#perMinute / 50));
    const db = this.#database.forWorkspace(workspaceId);
    const [row] = await db.query<Taken>({ text: takePoints, values: [workspaceId, holder, wanted] });
    const left = this.#perMinute - Number(row?.taken ?? 0);
    const before = this.#current(holder);
    this.#leases.set(holder, {
      points: (before?.points ?? 0) + Math.max(0, wanted + Math.min(0, left)),
      isLast: left <= 0,
      common: Math.max(0, left),
      endsAt: performance.now() + (row?.leftMs ?? 0),
      resetAt: row?.resetAt ?? new Date(),
    });
  }

  #refusal(endsAt: number): DomainError {
    const retryAfterMs = Math.max(1, Math.ceil(endsAt - performance.now()));
    const limit = this.#perMinute.toLocaleString('en-US');
    const message = `Rate limit exceeded: ${limit} points per minute. Retry in ${Math.ceil(retryAfterMs / 1_000)} s.`;
    return new DomainError('RATE_LIMITED', message, { retryAfterMs });
  }
}
