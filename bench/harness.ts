import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { promisify } from 'node:util';
import pg from 'pg';
import { openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate/migrate.ts';

const execFileAsync = promisify(execFile);

const serverUrl = process.env.BENCH_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';

/** Creates a migrated, empty database with this name. Returns its URL. */
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

export function urlOf(name: string): string {
  const url = new URL(serverUrl);
  url.pathname = name;
  return url.href;
}

/**
 * Starts to count the CPU of a database's sessions on this machine. Returns a function for the seconds since then,
 * without sessions that have ended.
 */
export async function cpuOfSessions(client: pg.Client, database: string): Promise<() => Promise<number>> {
  const before = await secondsBySession(client, database);
  return async () => {
    const now = await secondsBySession(client, database);
    return [...now].reduce((sum, [pid, seconds]) => sum + seconds - (before.get(pid) ?? 0), 0);
  };
}

async function secondsBySession(client: pg.Client, database: string): Promise<Map<number, number>> {
  const sessions = 'SELECT pid FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()';
  const { rows } = await client.query<{ pid: number }>(sessions, [database]);
  return new Map(rows.map(({ pid }) => [pid, cpuSecondsOf(pid)]));
}

/** Returns the seconds of CPU that a local process has used. */
export function cpuSecondsOf(pid: number): number {
  // User and system time are the 14th and 15th values, in ticks. The second value may contain spaces inside its
  // parentheses.
  const [, values = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user = 0, system = 0] = values.split(' ').slice(11, 13).map(Number);
  return (user + system) / 100;
}

/** Returns the machine and versions that the figures were measured on. */
export async function machine(): Promise<string> {
  const client = new pg.Client(serverUrl);
  await client.connect();
  const { rows } = await client.query('SHOW server_version');
  await client.end();
  const date = new Date().toISOString().slice(0, 10);
  return `${date}; Node ${process.version}; PostgreSQL ${rows[0].server_version}; ${cpus().length} x ${cpus()[0]?.model}`;
}

/** Prints a report and saves it in bench/results. */
export function publish(name: string, lines: string[]): void {
  const report = `${lines.join('\n')}\n`;
  mkdirSync('bench/results', { recursive: true });
  writeFileSync(`bench/results/${name}.md`, report);
  console.log(`\n${report}`);
}

/** Returns the arguments that a script of package.json passes to Node: its flags, then the file it runs. */
export function nodeArgumentsOf(script: 'start' | 'rapport'): string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  return scripts[script].split(' ').slice(1);
}

/** Runs a command of the built CLI, as `npm run rapport` does. Returns its output, seconds and peak memory in MB. */
export async function runRapport(
  databaseUrl: string,
  args: string[],
): Promise<{ output: string; seconds: number; mb: number }> {
  const env = { ...process.env, DATABASE_URL: databaseUrl, NODE_OPTIONS: '--import=./bench/rss.mjs' };
  const started = performance.now();
  const { stdout, stderr } = await execFileAsync(process.execPath, [...nodeArgumentsOf('rapport'), ...args], { env });
  const mb = Number(/max-rss-kb (\d+)/.exec(stderr)?.[1]) / 1_024;
  return { output: stdout, seconds: (performance.now() - started) / 1_000, mb };
}

export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function spread(values: number[], digits = 1): string {
  return `${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)}`;
}
