// The whole customer in one call, beside hand-written SQL and Pothos over Prisma:
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
import { seed } from '../seed.ts';
import { load } from './load.ts';
import { plainQuery, rapportQuery } from './whole-customer.ts';

const [rounds = 7, ...given] = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [10_000, 100_000];
const [roundMs, connections] = [3_000, 16];

type Contender = { name: string; port: number; query: string; command: string[]; headers: string };
type Figures = { rps: number; cpu: number; p50: number; p99: number; mb: number };

// The server on one core; PostgreSQL, and this process with the load, on the other.
const postmaster = await postmasterPid();
pin(postmaster, '1');
pin(process.pid, '1');

const rows: string[] = [];
for (const customers of sizes) rows.push(...(await measure(customers)));
pin(postmaster, '0,1');

publish('context', [
  '# The whole customer in one call',
  '',
  `${await machine()}; the server on one core, PostgreSQL and the load on the other; ${rounds} interleaved rounds of ${roundMs / 1_000} s over ${connections} connections,`,
  'medians (spread), and the medians of the ratios within a round. Ten orders a customer on the mean, three lines an order, ten interactions. The limit is',
  '`node:http` with one hand-written named statement whose JSON is passed on: no key, no tenant, no schema. Rapport answers the same as `customerContext`,',
  'once with all scopes, where every answer is noted in the audit log as a read of personal data, and once without those of personal data.',
  '',
  '| customers | | requests/s | of the limit | server CPU, ms | of the limit | p50 / p99, ms | server, MB |',
  '|---|---|---|---|---|---|---|---|',
  ...rows,
]);
process.exit(0);

async function measure(customers: number): Promise<string[]> {
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
      const one = await run(contender, servers.get(contender.port)?.pid ?? 0, customers);
      // The first round warms up.
      if (round >= 0) figures.get(contender.name)?.push(one);
    }
  for (const server of servers.values()) server.kill('SIGKILL');
  await sleep(500);
  await onServer(`DROP DATABASE ${name} WITH (FORCE)`);

  const limit = figures.get('limit') ?? [];
  return contenders.map(({ name }) => {
    const all = figures.get(name) ?? [];
    const of = (column: keyof Figures) => all.map((each) => each[column]);
    const ratio = (column: 'rps' | 'cpu') =>
      median(all.map((each, i) => each[column] / (limit[i]?.[column] ?? Number.NaN)));
    const row = [
      customers.toLocaleString('en'),
      name,
      `${Math.round(median(of('rps')))} (${of('rps').length > 0 ? spread(of('rps').map(Math.round)) : ''})`,
      ratio('rps').toFixed(2),
      median(of('cpu')).toFixed(3),
      ratio('cpu').toFixed(2),
      `${median(of('p50')).toFixed(1)} / ${median(of('p99')).toFixed(1)}`,
      Math.round(median(of('mb'))),
    ];
    console.log(row.join(' | '));
    return `| ${row.join(' | ')} |`;
  });
}

async function start(command: string[], port: number, env: Record<string, string>): Promise<ChildProcess> {
  const quiet = { LOG_LEVEL: 'warn', NODE_ENV: 'production', RAPPORT_MAX_COST_PER_MINUTE: '2000000000' };
  const options = { env: { ...process.env, ...env, ...quiet, PORT: String(port) }, stdio: 'ignore' as const };
  const child = spawn('taskset', ['-c', '0', process.execPath, ...command], options);
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

async function run({ port, query, headers }: Contender, pid: number, customers: number): Promise<Figures> {
  const bodyOf = (n: number) => {
    const email = `customer-${1 + ((n * 7_919) % customers)}@example.com`;
    return JSON.stringify({ query, variables: { email } });
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
