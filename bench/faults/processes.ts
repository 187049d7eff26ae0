import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const port = 54_339;
const data = '/tmp/rapport-bench-faults';

/** A separate PostgreSQL of this benchmark, from Debian's packages, which can be stopped and started. */
export const postgres = {
  url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
  create(): void {
    rmSync(data, { recursive: true, force: true });
    mkdirSync(data);
    execFileSync('chown', ['postgres', data]);
    asPostgres(`${bin()}/initdb -D ${data} -A trust -E UTF8`);
    this.start();
  },
  start(): void {
    asPostgres(`${bin()}/pg_ctl -D ${data} -o "-p ${port} -k /tmp" -l ${data}/log -w start`);
  },
  pid(): number {
    return Number(readFileSync(`${data}/postmaster.pid`, 'utf8').split('\n')[0]);
  },
  stop(mode: 'fast' | 'immediate'): void {
    asPostgres(`${bin()}/pg_ctl -D ${data} -m ${mode} -w stop`);
  },
};

function bin(): string {
  const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(a) - Number(b));
  return `/usr/lib/postgresql/${versions.at(-1)}/bin`;
}

function asPostgres(command: string): void {
  execFileSync('su', ['postgres', '-c', command], { stdio: 'ignore' });
}

const serverUrl = 'http://127.0.0.1:4701';

/** Runs the built server as a separate process. `readyMs` is how long it took to become ready. */
export async function startServer(databaseUrl: string): Promise<{ process: ChildProcess; readyMs: number }> {
  const env = { ...process.env, DATABASE_URL: databaseUrl, PORT: '4701', LOG_LEVEL: 'silent' };
  const started = performance.now();
  const child = spawn(process.execPath, ['dist/cli/rapport.js', 'serve'], { env, stdio: 'ignore' });
  while (!(await isReady())) {
    if (performance.now() - started > 30_000) throw new Error('The server was not ready after 30 s.');
    await sleep(20);
  }
  return { process: child, readyMs: performance.now() - started };
}

export async function isReady(): Promise<boolean> {
  return fetch(`${serverUrl}/health/ready`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** Runs a Rapport command until it ends or is killed. */
export function command(databaseUrl: string, ...args: string[]): ChildProcess {
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  return spawn(process.execPath, ['dist/cli/rapport.js', ...args], { env, stdio: 'ignore' });
}

export function outputOf(databaseUrl: string, ...args: string[]): string {
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  return execFileSync(process.execPath, ['dist/cli/rapport.js', ...args], { env, encoding: 'utf8' });
}

export function exitOf(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
}

export type Answer = { status: number; body: { data?: unknown; errors?: { extensions: { code: string } }[] } };

/** Returns the response of the server, or null if it is unreachable or does not respond. */
export async function ask(secret: string, query: string, variables: object): Promise<Answer | null> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
  try {
    const body = JSON.stringify({ query, variables });
    const answer = await fetch(`${serverUrl}/graphql`, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(20_000),
    });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  } catch {
    return null;
  }
}
