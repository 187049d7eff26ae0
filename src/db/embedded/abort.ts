import type { PGlite } from '@electric-sql/pglite';

// What PostgreSQL's own error handling jumps out of WebAssembly with.
const errorJump = 100;

/**
 * Makes `pglite` throw when PostgreSQL aborts, as it does if it cannot write its log. PGlite itself goes on with what is
 * left in memory: it loops for ever, or acknowledges writes that are never stored.
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
        // PGlite calls the first of these outside its own error handling, and the others before it throws on.
        Object.assign(Module, { stackRestore: stop, _PostgresMainLoopOnce: stop, _ProcessStartupPacket: stop });
        Object.assign(Module, { _PostgresSendReadyForQueryIfNecessary: ignore, _pgl_pq_flush: ignore });
      }
      throw error;
    }
  };
}

function ignore(): void {}

/** Closes the files of an instance that aborted, which cannot be closed as usual. It would write what it has in memory. */
export function closeFiles(pglite: PGlite): void {
  const { FS } = Object(pglite).mod ?? {};
  for (const stream of FS?.streams ?? []) {
    try {
      if (stream) FS.close(stream);
    } catch {
      // Closed already, or no file.
    }
  }
}
