import type { PGlite } from '@electric-sql/pglite';

// Exit status that PostgreSQL's own error handling uses to jump out of WebAssembly.
const errorJump = 100;

/**
 * Makes `pglite` throw when PostgreSQL aborts, for example because it cannot write its log. PGlite itself would
 * continue with the state in memory: it loops forever, or acknowledges writes that it never stores.
 */
export function throwOnAbort({ Module }: PGlite): void {
  const run = Module._PostgresMainLoopOnce;
  Module._PostgresMainLoopOnce = () => {
    try {
      run();
    } catch (error) {
      if (Object(error).status !== errorJump) {
        const stop = () => {
          throw error;
        };
        // PGlite calls the first of these outside its own error handling, and the others before it rethrows.
        Object.assign(Module, { stackRestore: stop, _PostgresMainLoopOnce: stop, _ProcessStartupPacket: stop });
        Object.assign(Module, { _PostgresSendReadyForQueryIfNecessary: ignore, _pgl_pq_flush: ignore });
      }
      throw error;
    }
  };
}

function ignore(): void {}

/** Closes the files of an aborted instance. A regular close would write the state in memory to disk. */
export function closeFiles(pglite: PGlite): void {
  const { FS } = Object(pglite).mod ?? {};
  for (const stream of FS?.streams ?? []) {
    try {
      if (stream) FS.close(stream);
    } catch {
      // Already closed, or not a file.
    }
  }
}
