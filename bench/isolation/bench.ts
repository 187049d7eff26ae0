// Measures the cost of tenant isolation: npm run bench:isolation -- [ROUNDS]
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { createApiKey } from '../../src/access/api-keys.ts';
import { allScopes } from '../../src/access/scopes.ts';
import { createWorkspace } from '../../src/access/workspaces.ts';
import { pipelineQueries } from '../../src/db/connection/pipelined-queries.ts';
import { statementName } from '../../src/db/connection/statement-name.ts';
import { type Database, type Db, openDatabase } from '../../src/db/database.ts';
import { PrismaClient } from '../../src/db/generated/prisma/client.ts';
import { type Send, statementsBy } from '../../src/db/statements.ts';
import { defaultLimits } from '../../src/lib/limits.ts';
import { createServer } from '../../src/server/create-server.ts';
import { connect, cpuOfSessions, freshDatabase, machine, median, onServer, publish, spread } from '../harness.ts';
import { seed } from '../seed.ts';

const rounds = Number(process.argv[2] ?? 15);
const perRound = 400;
const atOnce = 8;
const name = 'rapport_bench_isolation';
const url = await freshDatabase(name);
const isolated = await openDatabase({ databaseUrl: url, dataDir: '' });
const tenants: { id: string; secret: string }[] = [];
const client = await connect(name);
for (let i = 0; i < 8; i++) {
  const { id } = await createWorkspace(isolated, { slug: `bench-${i}`, name: 'bench' });
  await seed(client, id, 1_000);
  const { secret } = await createApiKey(isolated.forWorkspace(id), { name: 'bench', scopes: allScopes });
  tenants.push({ id, secret });
}

/**
 * The same tables and code with filters by workspace, but with one client for all tenants and a role that sees every
 * row.
 */
function filtered(): Database {
  const pool = new pg.Pool({ connectionString: url, max: 10, pipeline: true });
  pool.on('connect', (session) => {
    pipelineQueries(session);
    session.query("SET TimeZone = 'UTC'; SET jit = off; SET plan_cache_mode = force_generic_plan");
  });
  const adapter = new PrismaPg(pool, { statementNameGenerator: ({ sql }) => statementName(sql) });
  const shared = new PrismaClient({ adapter });
  const known = new Map<string, Db>();
  const send: Send = (statements) => Promise.all(statements.map((statement) => pool.query(statement)));
  return {
    ...isolated,
    pool,
    forWorkspace(workspaceId) {
      const db =
        known.get(workspaceId) ??
        (shared.$extends({ client: { workspaceId, ...statementsBy(send) } }) as unknown as Db);
      known.set(workspaceId, db);
      return db;
    },
    close: () => pool.end(),
  };
}

const byHand = filtered();
const limits = { ...defaultLimits, costPerMinute: 2e9 };
const logger = { error: console.error, info: () => undefined };
const servers = {
  isolated: createServer({ database: isolated, logger, limits }),
  byHand: createServer({ database: byHand, logger, limits }),
};

let asked = 0;
const by = () => ({ email: `customer-${1 + (asked % 1_000)}@example.com` });
const requests: { what: string; query: string; variables: () => object }[] = [
  {
    what: 'customer with statistics, ten orders with lines, ten interactions',
    query: `query ($by: CustomerKey!) { customer(by: $by) { displayName statistics { numberOfOrders amountSpent { amount } }
      orders(first: 10) { nodes { number total { amount } lines { nodes { title quantity } } } }
      interactions(first: 10) { nodes { occurredAt subject body } } } }`,
    variables: () => ({ by: by() }),
  },
  {
    what: 'page of 50 customers with statistics',
    query: '{ customers(first: 50) { nodes { displayName statistics { numberOfOrders amountSpent { amount } } } } }',
    variables: () => ({}),
  },
  {
    what: 'timeline of 20',
    query: `query ($by: CustomerKey!) { customer(by: $by) { timeline(first: 20) { nodes { kind occurredAt
      item { ... on Order { number } ... on Interaction { subject } } } } } }`,
    variables: () => ({ by: by() }),
  },
  {
    what: 'write an interaction',
    query: 'mutation ($input: UpsertInteractionInput!) { upsertInteraction(input: $input) { outcome } }',
    variables: () => ({
      input: {
        customer: by(),
        channel: 'EMAIL',
        direction: 'INBOUND',
        occurredAt: new Date(2026, 10, 1),
        body: 'Hello',
      },
    }),
  },
];

async function send(server: keyof typeof servers, { query, variables }: (typeof requests)[number]): Promise<string> {
  // Each request is for another tenant, so the connection is bound again.
  const secret = tenants[asked++ % tenants.length]?.secret;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
  const body = JSON.stringify({ query, variables: variables() });
  const answer = await servers[server].fetch(
    new Request('http://bench.test/graphql', { method: 'POST', headers, body }),
  );
  const text = await answer.text();
  if (text.includes('"errors"')) throw new Error(text);
  return text;
}

/** Returns milliseconds of CPU per request, of this process and of the database sessions. */
async function cpuOf(server: keyof typeof servers, request: (typeof requests)[number]) {
  const [ownBefore, databaseSince] = [process.cpuUsage(), await cpuOfSessions(client, name)];
  let left = perRound;
  const worker = async () => {
    while (left-- > 0) await send(server, request);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const { user, system } = process.cpuUsage(ownBefore);
  const database = (await databaseSince()) * 1_000;
  return { server: (user + system) / 1_000 / perRound, database: database / perRound };
}

const rows: string[] = [];
for (const request of requests) {
  const pairs: { byHand: number; isolated: number; server: number; total: number }[] = [];
  asked = 0;
  const one = await send('byHand', request);
  asked = 0;
  const other = await send('isolated', request);
  if (JSON.stringify(JSON.parse(one).data) !== JSON.stringify(JSON.parse(other).data))
    throw new Error(`${request.what}: the responses differ.`);
  for (let round = -1; round < rounds; round++) {
    const [off, on] = [await cpuOf('byHand', request), await cpuOf('isolated', request)];
    // The first round is a warm-up.
    if (round < 0) continue;
    pairs.push({
      byHand: off.server + off.database,
      isolated: on.server + on.database,
      server: on.server / off.server,
      total: (on.server + on.database) / (off.server + off.database),
    });
  }
  const of = (column: keyof (typeof pairs)[number]) => pairs.map((pair) => pair[column]);
  const figures = (column: 'byHand' | 'isolated') => `${median(of(column)).toFixed(2)} (${spread(of(column))})`;
  rows.push(
    `| ${request.what} | ${figures('byHand')} | ${figures('isolated')} | ${median(of('server')).toFixed(2)} | ${median(of('total')).toFixed(2)} |`,
  );
  console.log(rows.at(-1));
}
await Promise.all(Object.values(servers).map(({ flush }) => flush()));
await byHand.close();
await isolated.close();
await client.end();
await onServer(`DROP DATABASE ${name}`);

publish('isolation', [
  '# Cost of tenant isolation',
  '',
  `${await machine()}; ${rounds} interleaved pairs of ${perRound} requests, ${atOnce} at a time, each for another of 8 tenants with 1,000 customers, through the`,
  'full API. By hand: the same code with its filters by workspace, one client for all tenants, and a role that bypasses row-level security.',
  "Isolated: as it ships. Milliseconds of CPU a request, server and database together: medians (spread), and the medians of the pairs' ratios.",
  '',
  '| | by hand | isolated | ratio, server | ratio, server and database |',
  '|---|---|---|---|---|',
  ...rows,
]);
