import type pg from 'pg';
import { sqlStateOf } from '../sql-state.ts';

const diskFull = '53100';

// Writes as much as one WAL segment holds; with less free space, the next writes would fail again. ROLLBACK frees it.
const writeSegment = `BEGIN;
  CREATE TEMP TABLE rapport_space ON COMMIT DROP AS
    SELECT repeat('x', 1900) AS filler FROM generate_series(1, 16 * 1024 / 2);
  ROLLBACK`;

export function isDiskFull(error: unknown): boolean {
  return (sqlStateOf(error) ?? Object(error).code) === diskFull;
}

type AsOwner = <T>(work: (owner: pg.Pool) => Promise<T>) => Promise<T>;

/** Tracks whether the disk of the database is full, from the first write that fails until space is available again. */
export class DiskSpace {
  readonly #asOwner: AsOwner;
  #isFull = false;
  #checking: Promise<boolean> | null = null;

  constructor(asOwner: AsOwner) {
    this.#asOwner = asOwner;
  }

  /** Watches every error that the database reports on a connection of the pool. */
  watch(pool: pg.Pool): void {
    pool.on('connect', (client) => {
      const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
      connection.on('errorMessage', ({ code }: { code: string }) => {
        this.#isFull ||= code === diskFull;
      });
    });
  }

  /** Returns whether the disk is full. After a failed write, it finds out with a test write. */
  isFull(): Promise<boolean> {
    if (!this.#isFull) return Promise.resolve(false);
    this.#checking ??= this.#check().finally(() => {
      this.#checking = null;
    });
    return this.#checking;
  }

  async #check(): Promise<boolean> {
    try {
      await this.#asOwner((owner) => owner.query(writeSegment));
      this.#isFull = false;
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
    return this.#isFull;
  }
}
