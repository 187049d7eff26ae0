// Compares a process that serves many tenants in turn with one that serves a single tenant: npm run bench:tenants --
// [WORKSPACES [ROUNDS]]
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/db/database.ts';
import { connect, cpuSecondsOf, freshDatabase, machine, publish, spread } from '../harness.ts';
import * as servers from '../servers.ts';
import { customersEach, seedTenants } from './seed.ts';

const [workspaces = 1_000, rounds = 3] = process.argv.slice(2).map(Number);
const [ms, connections, idleMs] = [10_000, 4, 180_000];
const name = 'rapport_bench_tenants';
const url = await freshDatabase(name);
const database = await openDatabase({ databaseUrl: url, dataDir: '' });
const client = await connect(name);
const { secrets, tokens } = await seedTenants(database, client, workspaces);
await client.end();
await database.close();

type Operation = { what: string; query: string; variables: (n: number) => object };
const by = (n: number) => ({ by: { email: `customer-${1 + (n % customersEach)}@example.com` } });
const ofKeys: Operation[] = [
  {
    what: 'customer context',
    query: `query ($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT) { identity { displayName }
      value { statistics { numberOfOrders } } history { orders { number placedAt } } } }`,
    variables: by,
  },
  {
    what: 'customer with ten orders and their lines',
    query: `query ($by: CustomerKey!) { customer(by: $by) { displayName orders(first: 10) { nodes { number total { amount }
      lines { nodes { title quantity } } } } } }`,
    variables: by,
  },
  {
    what: 'write an interaction',
    query: 'mutation ($input: UpsertInteractionInput!) { upsertInteraction(input: $input) { outcome } }',
    variables: (n) => ({
      input: {
        customer: by(n).by,
        channel: 'EMAIL',
        direction: 'INBOUND',
        occurredAt: '2026-11-01T00:00:00Z',
        body: 'Hello',
      },
    }),
  },
];
const ofTokens: Operation[] = [
  {
    what: 'ten own orders, with a customer token',
    query: '{ orders(first: 10) { nodes { number placedAt total { amount } } } }',
    variables: () => ({}),
  },
];
const cases = [
  ...ofKeys.map((operation) => ({ ...operation, credentials: secrets })),
  ...ofTokens.map((operation) => ({ ...operation, credentials: tokens })),
];

const figures = cases.map(() => ({ one: [] as servers.Figures[], all: [] as servers.Figures[] }));
let idleShare = 0;
await servers.onDedicatedCores(async () => {
  const server = await servers.startServer(servers.rapport, 4_731, { DATABASE_URL: url });
  let sent = 0;
  const drive = ({ query, variables }: Operation, credentials: string[]) =>
    servers.drive(server, {
      bodyOf: (n) => JSON.stringify({ query, variables: variables(n) }),
      // A round continues where the last one ended.
      headersOf: () => `authorization: Bearer ${credentials[sent++ % credentials.length]}\r\n`,
      connections,
      ms,
    });
  for (let round = -1; round < rounds; round++)
    for (const [i, { credentials, ...operation }] of cases.entries()) {
      const one = await drive(operation, credentials.slice(0, 1));
      const all = await drive(operation, credentials);
      // The first round is a warm-up.
      if (round < 0) continue;
      figures[i]?.one.push(one);
      figures[i]?.all.push(all);
    }
  // Recent writes and reads are not in the audit log yet.
  await sleep(70_000);
  const pid = server.process.pid ?? 0;
  const before = cpuSecondsOf(pid);
  await sleep(idleMs);
  idleShare = ((cpuSecondsOf(pid) - before) / idleMs) * 1_000;
  const mb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
  console.log(`${mb.toFixed(0)} MB when idle`);
  await servers.stopServers([server]);
});

const { ratio, middle } = servers;
publish('tenants', [
  '# Many tenants in one process',
  '',
  `${await machine()}, server on Node ${servers.nodeVersion()}; the server on one core, PostgreSQL and the load on the other; ${rounds} interleaved`,
  `rounds of ${ms / 1_000} s over ${connections} connections. One: every request uses the same key or token. All: each request uses the next of ${workspaces.toLocaleString('en')} workspace keys or`,
  `${tokens.length.toLocaleString('en')} customer tokens. Server CPU in milliseconds per request: medians; the ratio is the median over the rounds (spread), and must be at most 1.3.`,
  '',
  '| | one, ms | all, ms | ratio | p99 of one / all, ms | MB |',
  '|---|---|---|---|---|---|',
  ...cases.map(({ what }, i) => {
    const { one, all } = figures[i] ?? { one: [], all: [] };
    const ratios = all.map(({ cpu }, r) => cpu / (one[r]?.cpu ?? Number.NaN));
    const p99 = `${middle(one, 'p99').toFixed(1)} / ${middle(all, 'p99').toFixed(1)}`;
    return `| ${what} | ${middle(one, 'cpu').toFixed(2)} | ${middle(all, 'cpu').toFixed(2)} | ${ratio(all, one, 'cpu').toFixed(2)} (${spread(ratios)}) | ${p99} | ${middle(all, 'mb').toFixed(0)} |`;
  }),
  '',
  `Idle with ${workspaces.toLocaleString('en')} workspaces, over ${idleMs / 60_000} minutes: ${(idleShare * 100).toFixed(2)} % of a core (at most 1 allowed).`,
]);
