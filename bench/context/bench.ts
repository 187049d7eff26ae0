// Compares the full customer in one call with hand-written SQL, PostGraphile and Pothos over Prisma:
// npm run bench:context -- [ROUNDS] [CUSTOMERS ...]
import { createApiKey } from '../../src/access/api-keys.ts';
import { allScopes } from '../../src/access/scopes.ts';
import { openDatabase } from '../../src/db/database.ts';
import { type Budget, budgetTable } from '../budgets.ts';
import { machine, publish, spread } from '../harness.ts';
import { type Bar, plot } from '../plot.ts';
import { type Seeded, seededDatabase } from '../seeded.ts';
import {
  drive,
  type Figures,
  middle,
  nodeVersion,
  onCoresOfTheirOwn,
  rapport,
  ratio,
  type Server,
  startServer,
  stopServers,
} from '../servers.ts';
import { plainQuery, postgraphileQuery, rapportQuery } from './whole-customer.ts';

const [rounds = 7, ...given] = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [10_000, 100_000];
const [ms, warmUpMs, connections] = [3_000, 1_500, 16];

type Contender = { name: string; command: string[]; query: string; headers: string };
type Measured = Map<string, Figures[]>;

const tsx = ['--import', 'tsx'];
const ours = 'Rapport, masked';
const all: Measured[] = [];
await onCoresOfTheirOwn(async () => {
  for (const customers of sizes) all.push(await measure(await seededDatabase(customers), customers));
});

publish('context', [
  '# The full customer in one call',
  '',
  `${await machine()}, servers on Node ${nodeVersion()}; the server on one core, PostgreSQL and the load on the other; ${rounds} interleaved rounds of ${ms / 1_000} s over ${connections} connections,`,
  'each after a warm-up of 1.5 s; medians (spread), and medians of the ratios within a round. Ten orders per customer on average, three lines per order, ten interactions. The limit is',
  '`node:http` with one hand-written named statement whose JSON is passed through: no key, tenant or schema. Rapport returns the same data with `customerContext`,',
  'once with all scopes, so that the audit log records each response as a read of personal data, and once without the scopes for personal data.',
  'PostGraphile and Pothos have no tenant, key or masking here either.',
  '',
  '| customers | | requests/s | of the limit | server CPU, ms | of the limit | p50 / p99, ms | server, MB |',
  '|---|---|---|---|---|---|---|---|',
  ...all.flatMap(rowsOf),
  '',
  '![Requests per second, as a share of the limit](context.svg)',
  '',
  ...budgetTable(ours, sizes, budgets()),
  '',
  `p99 / p50 of the limit itself: ${all.map((measured) => tail(measured.get('limit') ?? []).toFixed(1)).join(', ')}.`,
]);
plot('context', 'Requests per second, as a share of the limit', all.flatMap(barsOf));
process.exit(0);

async function measure({ url, workspaceId }: Seeded, customers: number): Promise<Measured> {
  const keys = await headersFor(url, workspaceId);
  const contenders: Contender[] = [
    { name: 'limit', command: [...tsx, 'bench/context/limit.ts'], query: '', headers: '' },
    { name: ours, command: rapport, query: rapportQuery, headers: keys.masked },
    { name: 'Rapport, noted', command: rapport, query: rapportQuery, headers: keys.noted },
    { name: 'PostGraphile', command: ['bench/context/postgraphile.mjs'], query: postgraphileQuery, headers: '' },
    { name: 'Pothos + Prisma', command: [...tsx, 'bench/context/plain.ts'], query: plainQuery, headers: '' },
  ];
  const servers = new Map<string[], Server>();
  for (const { command } of contenders)
    if (!servers.has(command)) {
      const env = { DATABASE_URL: url, WORKSPACE_ID: workspaceId };
      servers.set(command, await startServer(command, 4_811 + servers.size, env));
    }

  const measured: Measured = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++)
    for (const { name, command, query, headers } of contenders) {
      const bodyOf = (n: number) => {
        const email = `customer-${1 + ((n * 7_919) % customers)}@example.com`;
        return JSON.stringify({ query, variables: { email, ...(query === postgraphileQuery && { workspaceId }) } });
      };
      const server = servers.get(command) as Server;
      // Each server has waited for all others, and some discard compiled code meanwhile.
      await drive(server, { bodyOf, headersOf: () => headers, connections, ms: warmUpMs });
      const figures = await drive(server, { bodyOf, headersOf: () => headers, connections, ms });
      // The first round is a warm-up.
      if (round >= 0) measured.get(name)?.push(figures);
    }
  await stopServers(servers.values());

  for (const row of rowsOf(measured, sizes.indexOf(customers))) console.log(row);
  return measured;
}

/** One key with all scopes, and one without those for personal data. */
async function headersFor(url: string, workspaceId: string): Promise<{ noted: string; masked: string }> {
  const database = await openDatabase({ databaseUrl: url, dataDir: '' });
  const db = database.forWorkspace(workspaceId);
  const headersOf = async (scopes: string[]) =>
    `authorization: Bearer ${(await createApiKey(db, { name: 'bench', scopes })).secret}\r\n`;
  const plain = allScopes.filter((scope) => !scope.startsWith('pii:'));
  const headers = { noted: await headersOf(allScopes), masked: await headersOf(plain) };
  await database.close();
  return headers;
}

function tail(figures: Figures[]): number {
  return middle(figures, 'p99') / middle(figures, 'p50');
}

function beside(measured: Measured, name: string, column: keyof Figures, other = 'limit'): number {
  return ratio(measured.get(name) ?? [], measured.get(other) ?? [], column);
}

function rowsOf(measured: Measured, size: number): string[] {
  return [...measured].map(([name, figures]) => {
    const of = (column: keyof Figures) => middle(figures, column);
    const row = [
      sizes[size]?.toLocaleString('en'),
      name,
      `${Math.round(of('rps'))} (${spread(figures.map(({ rps }) => Math.round(rps)))})`,
      beside(measured, name, 'rps').toFixed(2),
      of('cpu').toFixed(3),
      beside(measured, name, 'cpu').toFixed(2),
      `${of('p50').toFixed(1)} / ${of('p99').toFixed(1)}`,
      Math.round(of('mb')),
    ];
    return `| ${row.join(' | ')} |`;
  });
}

function barsOf(measured: Measured, size: number): Bar[] {
  const group = `${sizes[size]?.toLocaleString('en')} customers`;
  return [...measured.keys()].map((name) => ({ group, name, value: beside(measured, name, 'rps') }));
}

function budgets(): Budget[] {
  const own = (column: keyof Figures) => all.map((measured) => middle(measured.get(ours) ?? [], column));
  const to = (column: keyof Figures, other?: string) => all.map((measured) => beside(measured, ours, column, other));
  const p50 = own('p50');
  return [
    { name: 'requests/s of the limit', figures: to('rps'), atLeast: 0.9 },
    { name: 'server CPU of the limit', figures: to('cpu'), atMost: 2.5 },
    { name: 'requests/s of PostGraphile', figures: to('rps', 'PostGraphile'), atLeast: 1.25 },
    { name: 'server CPU of PostGraphile', figures: to('cpu', 'PostGraphile'), atMost: 0.6 },
    { name: 'p99 / p50', figures: all.map((measured) => tail(measured.get(ours) ?? [])), atMost: 2.5 },
    { name: 'memory, MB', figures: own('mb'), atMost: 180 },
    { name: 'growth of p50 from the first size', figures: p50.map((each) => each / (p50[0] ?? 1)), atMost: 1.5 },
  ];
}
