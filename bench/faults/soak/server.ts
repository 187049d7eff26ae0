import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeArgumentsOf } from '../../harness.ts';
import { serverCore } from '../../servers.ts';
import { Tally } from './figures.ts';
import { send } from './http.ts';

export const port = 4_702;

export type Server = { process: ChildProcess; pid: number; faults: Tally };

/** The server as `npm start` runs it in production, on a core of its own. `faults` counts what it logs. */
export async function startServer(databaseUrl: string): Promise<Server> {
  const settings = { DATABASE_URL: databaseUrl, PORT: String(port), NODE_ENV: 'production', LOG_LEVEL: 'warn' };
  const child = spawn('taskset', ['-c', serverCore, process.execPath, ...nodeArgumentsOf('start')], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const faults = new Tally();
  createInterface({ input: child.stderr }).on('line', (line) => faults.add(nameOf(line), line));
  for (let tries = 0; tries < 300; tries++) {
    await sleep(100);
    const answer = await send(port, { method: 'GET', path: '/health/ready' });
    if (answer?.status === 200) return { process: child, pid: child.pid ?? 0, faults };
  }
  throw new Error(`The server does not answer: ${[...faults.counts.keys()].join(', ')}`);
}

/** Resident memory of a process in MB. */
export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

/** Milliseconds of CPU that all threads of a process have used. More exact than /proc/PID/stat. */
export function cpuMsOf(pid: number): number {
  const ofThread = (thread: string) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + ofThread(thread), 0);
}

/** Milliseconds since the machine started, and for how many of them a core was busy. */
export function busyMsOf(core: string): { busy: number; all: number } {
  const line =
    readFileSync('/proc/stat', 'utf8')
      .split('\n')
      .find((each) => each.startsWith(`cpu${core} `)) ?? '';
  // user, nice, system, idle, iowait, irq, softirq, steal
  const ticks = line.split(' ').slice(1, 9).map(Number);
  const all = ticks.reduce((sum, each) => sum + each, 0);
  return { busy: 10 * (all - (ticks[3] ?? 0) - (ticks[4] ?? 0)), all: 10 * all };
}

function nameOf(line: string): string {
  try {
    const { fault, sqlState, msg } = JSON.parse(line);
    return fault ? `${fault.type} ${sqlState ?? fault.code ?? fault.message ?? ''}`.trim() : String(msg);
  } catch {
    return 'not a log line';
  }
}
