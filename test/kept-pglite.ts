import { readFile } from 'node:fs/promises';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { embeddedExtensions } from '../src/db/embedded/open-pglite.ts';
import { snapshotOf } from './pglite-snapshot.ts';

type Kept = { pglite: PGlite; restore: () => void };

// The test files of one worker share PostgreSQL's compiled code and its idle instances.
const idle: Kept[] = [];
let pgliteWasmModule: WebAssembly.Module | undefined;

/** Creates an instance of the embedded database in memory, or in a folder. */
export async function createPglite(options: PGliteOptions): Promise<PGlite> {
  pgliteWasmModule ??= await WebAssembly.compile(
    new Uint8Array(await readFile('node_modules/@electric-sql/pglite/dist/pglite.wasm')),
  );
  return PGlite.create({ ...options, pgliteWasmModule, extensions: embeddedExtensions });
}

/**
 * Returns an instance in the state of `dump`. Closing it keeps it for the next caller in this worker, who gets it as
 * it was at the start: a new instance takes a second, and restoring one takes a twentieth of that.
 */
export async function takePglite(dump: string): Promise<PGlite> {
  const kept = idle.pop();
  kept?.restore();
  return (kept ?? (await createKept(dump))).pglite;
}

async function createKept(dump: string): Promise<Kept> {
  const pglite = await createPglite({ loadDataDir: new Blob([new Uint8Array(await readFile(dump))]) });
  await pglite.exec(loadCode);
  const loaded = await loadedCode(pglite);
  const kept = { pglite, restore: snapshotOf(pglite) };
  const close = pglite.close.bind(pglite);
  pglite.close = async () => {
    // Code cannot be unloaded, so only an instance without new code can return to its state.
    if ((await loadedCode(pglite)) === loaded) idle.push(kept);
    else await close();
  };
  return kept;
}

// The code that triggers, indexes and their operators need.
const loadCode = `LOAD 'plpgsql'; LOAD 'pg_trgm'; LOAD 'btree_gin'`;

async function loadedCode(pglite: PGlite): Promise<string> {
  // The last session may have left a transaction open.
  await pglite.exec('ROLLBACK');
  const { rows } = await pglite.query<{ names: string }>(
    `SELECT string_agg(file_name, ' ') AS names FROM pg_get_loaded_modules()`,
  );
  return rows[0]?.names ?? '';
}
