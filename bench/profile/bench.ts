// Shows where the server's CPU goes in a read or a write: npm run bench:profile -- [READ ...]
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine, publish } from '../harness.ts';
import { compared } from '../reads/compared.ts';
import { connections } from '../reads/measure.ts';
import type { ComparedRead } from '../reads/read.ts';
import { contendersOf } from '../reads/sides.ts';
import { forgetRequests, openWorkspace } from '../reads/workspace.ts';
import { drive, nodeVersion, onDedicatedCores, rapport, startServer } from '../servers.ts';
import { type Profile, sharesOf } from './shares.ts';

const customers = 10_000;
const names = process.argv.slice(2);
const reads = compared.filter(({ name }) => names.length === 0 || names.includes(name));
if (reads.length === 0) throw new Error(`Use one of ${compared.map(({ name }) => name).join(', ')}.`);

const columns = await onDedicatedCores(async () => {
  const measured: { cpu: number; shares: Map<string, number> }[] = [];
  for (const read of reads) measured.push(await profiled(read));
  return measured;
});

const groups = [...new Set(columns.flatMap(({ shares }) => [...shares.keys()]))];
const sum = (group: string) => columns.reduce((total, { shares }) => total + (shares.get(group) ?? 0), 0);
const cell = (value: number) => ` ${Math.round(value)} |`;
const lines = [
  '# Where the CPU of a request goes',
  '',
  `${await machine()}, server on Node ${nodeVersion()} and one core; ${customers.toLocaleString('en')} customers, ${connections} requests at a time.`,
  'Microseconds of server CPU per request, by sampling once per millisecond. The profiler itself adds a third or more, so only the',
  'shares count. Garbage collection covers only the main thread.',
  '',
  `| |${reads.map(({ name }) => ` ${name} |`).join('')}`,
  `|---|${'---|'.repeat(reads.length)}`,
  ...groups
    .sort((a, b) => sum(b) - sum(a))
    .map((group) => `| ${group} |${columns.map(({ cpu, shares }) => cell(cpu * (shares.get(group) ?? 0))).join('')}`),
  `| all |${columns.map(({ cpu }) => cell(cpu)).join('')}`,
];
if (names.length === 0) publish('profile', lines);
else console.log(lines.join('\n'));
process.exit(0);

async function profiled(read: ComparedRead) {
  const workspace = await openWorkspace(customers);
  const { seeded, orders } = workspace;
  const folder = mkdtempSync(join(tmpdir(), 'rapport-profile-'));
  const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`];
  const server = await startServer([...flags, ...rapport], 4_829, { DATABASE_URL: seeded.url });
  const place = { workspaceId: seeded.workspaceId, customers, orders, deepCursor: '' };
  const [contender] = contendersOf(read, new Map([['rapport', server]]), place, workspace);
  if (!contender) throw new Error(`Rapport does not answer ${read.name}.`);
  const { bodyOf, authorization } = contender;
  const requests = { bodyOf, headersOf: () => `authorization: ${authorization}\r\n`, connections };
  await drive(server, { ...requests, ms: 3_000 });
  const { cpu } = await drive(server, { ...requests, ms: 5_000 });
  const stopped = new Promise((resolve) => server.process.once('exit', resolve));
  server.process.kill('SIGTERM');
  await stopped;
  const [file = ''] = readdirSync(folder);
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
  rmSync(folder, { recursive: true });
  await forgetRequests(seeded);
  return { cpu: cpu * 1_000, shares: sharesOf(profile, 5) };
}
