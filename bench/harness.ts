import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import pg from 'pg';
import { openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';

const serverUrl = process.env.BENCH_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';

/** A migrated, empty database of this name; its URL. */
export async function freshDatabase(name: string): Promise<string> {
  await onServer(`DROP DATABASE IF EXISTS ${name}`);
  await onServer(`CREATE DATABASE ${name}`);
  const url = urlOf(name);
  const database = await openDatabase({ databaseUrl: url, dataDir: '' });
  await migrate(database);
  await database.close();
  return url;
}

export async function onServer(sql: string): Promise<void> {
  const client = new pg.Client(serverUrl);
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

export async function connect(name: string): Promise<pg.Client> {
  const client = new pg.Client(urlOf(name));
  await client.connect();
  return client;
}

function urlOf(name: string): string {
  const url = new URL(serverUrl);
  url.pathname = name;
  return url.href;
}

/** What it was measured on. */
export async function machine(): Promise<string> {
  const client = new pg.Client(serverUrl);
  await client.connect();
  const { rows } = await client.query('SHOW server_version');
  await client.end();
  const date = new Date().toISOString().slice(0, 10);
  return `${date}; Node ${process.version}; PostgreSQL ${rows[0].server_version}; ${cpus().length} x ${cpus()[0]?.model}`;
}

/** Prints a report and keeps it in bench/results. */
export function publish(name: string, lines: string[]): void {
  const report = `${lines.join('\n')}\n`;
  mkdirSync('bench/results', { recursive: true });
  writeFileSync(`bench/results/${name}.md`, report);
  console.log(`\n${report}`);
}

export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function spread(values: number[]): string {
  return `${Math.min(...values).toFixed(1)}-${Math.max(...values).toFixed(1)}`;
}
