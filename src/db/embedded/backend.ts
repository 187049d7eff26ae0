import type { PGlite } from '@electric-sql/pglite';
import { closeFiles, throwOnAbort } from './abort.ts';
import { FairLock } from './fair-lock.ts';
import type { Lease, Leases } from './lease.ts';
import { type Execute, PgliteStream } from './pglite-stream.ts';
import { fatalError } from './wire.ts';

export type OpenPglite = () => Promise<PGlite>;

// Opening blocks the process for half a second. After a failure, requests within this time fail at once.
const retryMs = 2_000;

/**
 * The single backend of an embedded database, which sessions use one at a time. It opens with the first session, and
 * reopens after PostgreSQL aborts, for example because the disk is full.
 */
export class Backend implements Leases {
  readonly #open: OpenPglite;
  readonly #lock = new FairLock();
  #pglite: PGlite | null = null;
  #lastHolder: object | null = null;
  #failure: { at: number; error: unknown } | null = null;
  #isClosed = false;

  constructor(open: OpenPglite) {
    this.#open = open;
  }

  async lease(holder: object, timeoutMs: number): Promise<Lease> {
    const end = await this.#lock.acquire(timeoutMs);
    try {
      if (this.#isClosed) throw new Error('The embedded database is closed.');
      this.#pglite ??= await this.#reopen();
    } catch (error) {
      end();
      throw error;
    }
    const isContinued = this.#lastHolder === holder;
    this.#lastHolder = holder;
    return { isContinued, isReusable: true, stream: () => new PgliteStream(this.#execute), end };
  }

  readonly #execute: Execute = async (messages) => {
    const pglite = this.#pglite;
    if (!pglite) return { reply: gone, isAlive: false };
    const chunks: Buffer[] = [];
    // Copied because the bytes belong to PGlite's memory.
    const onRawData = (bytes: Uint8Array) => void chunks.push(Buffer.from(bytes));
    try {
      await pglite.execProtocolRawStream(messages, { onRawData });
      return { reply: Buffer.concat(chunks), isAlive: true };
    } catch {
      // The chunks hold everything PostgreSQL sent before the abort, including the reason.
      this.#pglite = null;
      this.#lastHolder = null;
      closeFiles(pglite);
      return { reply: chunks.length > 0 ? Buffer.concat(chunks) : gone, isAlive: false };
    }
  };

  /** Closes the database after the current session ends. */
  async close(): Promise<void> {
    const end = await this.#lock.acquire(closeTimeoutMs).catch(() => () => undefined);
    this.#isClosed = true;
    const pglite = this.#pglite;
    this.#pglite = null;
    try {
      await pglite?.close();
    } finally {
      end();
    }
  }

  async #reopen(): Promise<PGlite> {
    if (this.#failure && Date.now() - this.#failure.at < retryMs) throw this.#failure.error;
    try {
      const pglite = await this.#open();
      throwOnAbort(pglite);
      this.#failure = null;
      return pglite;
    } catch (error) {
      this.#failure = { at: Date.now(), error };
      throw error;
    }
  }
}

const closeTimeoutMs = 30_000;
const gone = fatalError('57P02', 'the embedded database stopped and reopens with the next session');
