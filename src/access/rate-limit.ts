import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.ts';
import { cacheBytes } from '../lib/cache-bytes.ts';
import { DomainError } from '../lib/errors.ts';

export type Allowance = { remaining: number; resetAt: Date };

/**
 * What a process may still give of the minute at hand: taken from the common count, not yet asked for by requests. It ends
 * by a clock that nobody sets, `performance.now()`; `resetAt` is what the database's clock says then.
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
 * Points that each key may spend in a minute, counted in the database, so that all processes share one count. A process
 * takes a fiftieth at a time: most requests ask the database nothing. What it has not given when the minute ends is lost
 * to the others, so that never more is spent than allowed, and with n processes at worst n fiftieths less.
 */
export class RateLimiter {
  readonly #database: Database;
  readonly #perMinute: number;
  // A lease that is let go is lost to its holder, who takes another.
  readonly #leases: LRUCache<string, Lease>;
  readonly #taking = new Map<string, Promise<void>>();

  constructor(database: Database, perMinute: number, maxLeases = cacheBytes.rateLimitLeases / 400) {
    this.#database = database;
    this.#perMinute = perMinute;
    this.#leases = new LRUCache({ max: maxLeases });
  }

  /** RATE_LIMITED with `retryAfterMs` where the minute has not so many left. */
  async spend(workspaceId: string, holder: string, points: number): Promise<Allowance> {
    for (;;) {
      const lease = this.#current(holder);
      if (lease && lease.points >= points) {
        lease.points -= points;
        return { remaining: lease.points + lease.common, resetAt: lease.resetAt };
      }
      if (lease?.isLast) throw this.#refusal(lease.endsAt);
      // Requests of one tick take together.
      const taking = this.#taking.get(holder) ?? this.#take(workspaceId, holder, points);
      this.#taking.set(holder, taking);
      await taking.finally(() => this.#taking.delete(holder));
    }
  }

  #current(holder: string): Lease | undefined {
    const lease = this.#leases.get(holder);
    return lease && lease.endsAt > performance.now() ? lease : undefined;
  }

  // Where the database's clock was set back, what was spent since still counts: up to a minute of it goes on to its own
  // end, and more to the end of the minute that comes now, so that nobody waits for long.
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
    const message = `This key may spend ${this.#perMinute} points in a minute, and has.`;
    return new DomainError('RATE_LIMITED', message, {
      retryAfterMs: Math.max(1, Math.ceil(endsAt - performance.now())),
    });
  }
}
