import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, type SqlQuery } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type pg from 'pg';
import { Backend } from '../embedded/backend.ts';
import { embeddedExtensions } from '../embedded/open-pglite.ts';
import { EmbeddedPool } from '../embedded/pool.ts';
import { readMigrations, readSchemas } from './migration-files.ts';

const noFilters = { externalTables: [], externalEnums: [] };

/** Creates Prisma's schema engine in its WASM build. It creates and applies migrations on both kinds of database. */
async function createSchemaEngine(pool: pg.Pool): Promise<bindings.SchemaEngine> {
  await instantiate();
  const adapter = bindMigrationAwareSqlAdapterFactory(new ScriptingAdapter(pool));
  return bindings.SchemaEngine.new({ datamodels: await readSchemas() }, () => undefined, adapter);
}

/** Applies the pending migrations and returns their names. `_prisma_migrations` is Prisma's own table. */
export async function applyMigrations(pool: pg.Pool): Promise<string[]> {
  const engine = await createSchemaEngine(pool);
  try {
    const migrationsList = await readMigrations();
    return (await engine.applyMigrations({ migrationsList, filters: noFilters })).appliedMigrationNames;
  } finally {
    engine.free();
  }
}

/** Returns the SQL that turns the migrations into the schema, or the reverse. Null if the two match. */
export async function diffSchema(pool: pg.Pool, direction: 'toSchema' | 'toMigrations'): Promise<string | null> {
  const engine = await createSchemaEngine(pool);
  try {
    const schema = {
      tag: 'schemaDatamodel' as const,
      files: (await readSchemas()).map(([path, content]) => ({ path, content })),
    };
    const migrations = { tag: 'migrations' as const, ...(await readMigrations()) };
    const [from, to] = direction === 'toSchema' ? [migrations, schema] : [schema, migrations];
    const { stdout, exitCode } = await engine.diff({ from, to, script: true, exitCode: true, filters: noFilters });
    return exitCode === 2 ? (stdout ?? '') : null;
  } finally {
    engine.free();
  }
}

let instance: Promise<void> | undefined;

// The entry point of the package imports the .wasm file as a module, which Node 20 does not support.
function instantiate(): Promise<void> {
  instance ??= (async () => {
    const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const module = await WebAssembly.compile(await readFile(entry.replace(/\.js$/, '.wasm')));
    const { exports } = await WebAssembly.instantiate(module, { './schema_engine_bg.js': imports() });
    bindings.__wbg_set_wasm(exports);
    const start = exports.__wbindgen_start;
    if (typeof start === 'function') start();
  })();
  return instance;
}

// The engine never clears the timer of its lock, so a command would end ten seconds after its work. The timers need not
// keep the process alive, because the engine only waits for the database.
function imports(): WebAssembly.ModuleImports {
  const all: WebAssembly.ModuleImports = { ...bindings };
  for (const [name, imported] of Object.entries(all)) {
    if (!name.startsWith('__wbg_setTimeout_')) continue;
    const setTimer = imported as typeof setTimeout;
    all[name] = (callback: () => void, delay: number) => setTimer(callback, delay).unref();
  }
  return all;
}

// Prisma's adapter splits a script at every semicolon, which breaks function bodies; PostgreSQL accepts the whole
// script. The adapter also lacks the catalog's one-byte type "char", which the engine reads. The shadow database is
// embedded, so creating migrations requires no right to create databases.
class ScriptingAdapter extends PrismaPg {
  override async connect() {
    return forMigrations(await super.connect());
  }

  override async connectToShadowDb() {
    const shadow = new Backend(() => PGlite.create({ extensions: embeddedExtensions }));
    const pool = new EmbeddedPool(shadow, {});
    const adapter = forMigrations(await new PrismaPg(pool).connect());
    adapter.dispose = async () => {
      await pool.end();
      await shadow.close();
    };
    return adapter;
  }
}

const charOid = 18;
const textOid = 25;

function forMigrations<Adapter extends Awaited<ReturnType<PrismaPg['connect']>>>(adapter: Adapter): Adapter {
  const { performIO } = adapter as unknown as { performIO(query: SqlQuery): Promise<pg.QueryArrayResult> };
  const { queryRaw } = adapter;
  adapter.queryRaw = async (query) => {
    const answer = await performIO.call(adapter, query);
    const isChar = answer.fields.map((field) => field.dataTypeID === charOid);
    const fields = answer.fields.map((field, i) => (isChar[i] ? { ...field, dataTypeID: textOid } : field));

    const answered = Object.create(adapter, { performIO: { value: async () => ({ ...answer, fields }) } });
    const result = await queryRaw.call(answered, query);
    const columnTypes = result.columnTypes.map((type, i) => (isChar[i] ? ColumnTypeEnum.Character : type));
    return { ...result, columnTypes };
  };
  adapter.executeScript = async (script) => {
    await adapter.underlyingDriver().query(script);
  };
  return adapter;
}
