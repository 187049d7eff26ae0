// Measures lists, lookups and a write by number of customers: npm run bench:lists -- [ROUNDS] [CUSTOMERS ...]
import { authenticate, createApiKey } from '../../src/access/api-keys.ts';
import { allScopes } from '../../src/access/scopes.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { encodeCursor } from '../../src/graphql/cursor.ts';
import { createServer } from '../../src/server.ts';
import type { Statement } from '../../test/database.ts';
import { isOfRequest, rowsReadBy } from '../../test/rows-read.ts';
import { budgetTable } from '../budgets.ts';
import { connect, machine, publish } from '../harness.ts';
import { type Seeded, seededDatabase } from '../seeded.ts';
import * as servers from '../servers.ts';
import { interactionOf, occurredAt, reads, write } from './operations.ts';

const [rounds = 5, ...given] = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [10_000, 100_000];
const [ms, connections] = [1_500, 4];

/** Number of statements of one request, and of rows PostgreSQL reads for them; for a write, statements only. */
type Cost = { statements: number; rows: number | null };
type Size = { customers: number; seeded: Seeded; secret: string; after: string; costs: Map<string, Cost> };

const recording = 'record an interaction';
const operations = Object.entries({ ...reads, [recording]: write });
const raw = 'a hand-written INSERT';
const figures = new Map<string, servers.Figures[][]>();
const all: Size[] = [];

for (const customers of sizes) all.push(await open(customers));
await servers.onCoresOfTheirOwn(async () => {
  const ours = await Promise.all(all.map((size, i) => start(servers.rapport, size, i)));
  const byHand = await Promise.all(
    all.map((size, i) => start(['--import', 'tsx', 'bench/lists/raw.ts'], size, 10 + i)),
  );
  for (let round = -1; round < rounds; round++)
    for (const [what, query] of [...operations, [raw, write] as const])
      for (const [i, size] of all.entries()) {
        const server = (what === raw ? byHand : ours)[i] as servers.Server;
        const one = await servers.drive(server, requestsOf(size, query));
        // The first round is a warm-up.
        if (round >= 0) of(what, i).push(one);
      }
  await servers.stopServers([...ours, ...byHand]);
});
for (const { seeded } of all) await forgetWrites(seeded);

publish('lists', [
  '# Lists, lookups and a write',
  '',
  `${await machine()}, servers on Node ${servers.nodeVersion()}; the server on one core, PostgreSQL and the load on the other; ${rounds} interleaved rounds of ${ms / 1_000} s over`,
  `${connections} connections, medians, at ${sizes.map((size) => size.toLocaleString('en')).join(', ')} customers. Ten orders per customer on average, three lines per order, ten interactions. Statements are those`,
  'of the request itself, and rows are those that PostgreSQL reads for them. The hand-written INSERT runs behind `node:http`: it checks no key or tenant,',
  'and writes nothing to the audit log.',
  '',
  '| | statements | rows read | p50, ms | server CPU, ms |',
  '|---|---|---|---|---|',
  ...[...operations.map(([what]) => what), raw].map((what) => {
    const cost = (name: keyof Cost) => all.map(({ costs }) => costs.get(what)?.[name] ?? '–').join(' / ');
    const each = (name: keyof servers.Figures) =>
      all.map((_, i) => servers.middle(of(what, i), name).toFixed(2)).join(' / ');
    return `| ${what} | ${cost('statements')} | ${cost('rows')} | ${each('p50')} | ${each('cpu')} |`;
  }),
  '',
  ...budgetTable('Growth of p50', sizes, [
    ...operations.map(([name]) => ({
      name,
      figures: all.map((_, i) => compared(name, i, name, 0, 'p50')),
      atMost: 2.5,
    })),
  ]),
  '',
  ...budgetTable('A write', sizes, [
    {
      name: 'server CPU relative to the hand-written INSERT',
      figures: all.map((_, i) => compared(recording, i, raw, i, 'cpu')),
      atMost: 4,
    },
  ]),
]);
process.exit(0);

function of(what: string, size: number): servers.Figures[] {
  const found = figures.get(what) ?? all.map(() => []);
  figures.set(what, found);
  return found[size] ?? [];
}

function compared(what: string, size: number, other: string, otherSize: number, column: keyof servers.Figures): number {
  return servers.ratio(of(what, size), of(other, otherSize), column);
}

async function open(customers: number): Promise<Size> {
  const seeded = await seededDatabase(customers);
  const sent: Statement[] = [];
  const onStatement = (sql: string, values: unknown[]) => sent.push({ sql, values });
  const database = await openDatabase({ databaseUrl: seeded.url, dataDir: '', onStatement });
  const db = database.forWorkspace(seeded.workspaceId);
  const { secret } = await createApiKey(db, { name: 'bench', scopes: allScopes });
  const after = await cursorAt(Math.floor(customers * 0.6), seeded, database, secret);
  const size: Size = { customers, seeded, secret, after, costs: new Map() };

  const { fetch, flush } = createServer({ database, logger: { error: console.error, info: () => undefined } });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
  for (const [what, query] of operations) {
    const ask = async (n: number) => {
      const init = { method: 'POST', headers, body: requestsOf(size, query).bodyOf(n) };
      const { errors } = await (await fetch(new Request('http://bench.test/graphql', init))).json();
      if (errors) throw new Error(JSON.stringify(errors));
    };
    await ask(1);
    // Reads are written to the audit log separately.
    await flush();
    sent.length = 0;
    await ask(2);
    const own = sent.filter(isOfRequest);
    const rows = query === write ? null : await rowsReadBy(own, database, seeded.workspaceId);
    size.costs.set(what, { statements: own.length, rows });
  }
  await flush();
  await database.close();
  return size;
}

async function cursorAt(
  offset: number,
  { name, workspaceId }: Seeded,
  database: Database,
  secret: string,
): Promise<string> {
  const client = await connect(name);
  const { rows } = await client.query(
    `SELECT "createdAt", "id" FROM "Customer" WHERE "workspaceId" = $1 ORDER BY "createdAt" DESC, "id" DESC OFFSET $2 LIMIT 1`,
    [workspaceId, offset],
  );
  await client.end();
  const sealedBy = (await authenticate(database, secret))?.cursorKey ?? Buffer.alloc(0);
  return encodeCursor({ list: `${workspaceId} Customer createdAt id desc`, sealedBy }, [rows[0].createdAt, rows[0].id]);
}

function start(command: string[], { seeded }: Size, i: number): Promise<servers.Server> {
  return servers.startServer(command, 4_821 + i, { DATABASE_URL: seeded.url, WORKSPACE_ID: seeded.workspaceId });
}

function requestsOf({ customers, secret, after }: Size, query: string) {
  const bodyOf = (n: number) => {
    const email = `customer-${1 + ((n * 7_919) % customers)}@example.com`;
    return JSON.stringify({
      query,
      variables: query === write ? { input: interactionOf(email, n) } : { email, after },
    });
  };
  return { bodyOf, headersOf: () => `authorization: Bearer ${secret}\r\n`, connections, ms };
}

async function forgetWrites({ name, workspaceId }: Seeded): Promise<void> {
  const client = await connect(name);
  const written = `DELETE FROM "Interaction" WHERE "workspaceId" = $1 AND "occurredAt" = $2`;
  await client.query('SET session_replication_role = replica');
  await client.query(written, [workspaceId, occurredAt]);
  await client.end();
}
