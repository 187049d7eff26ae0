// Measures how products bought together are counted, beside one SQL statement: npm run bench:co-purchase -- [CUSTOMERS]
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { createApiKey } from '../../src/access/api-keys.ts';
import { openDatabase } from '../../src/db/database.ts';
import { runScheduledJobs } from '../../src/jobs/scheduled-jobs.ts';
import { fewestOrders, mostPairs } from '../../src/recommendations/best-pairs.ts';
import { connect, machine, publish, runRapport } from '../harness.ts';
import { seededDatabase } from '../seeded.ts';
import { drive, type Figures, onDedicatedCores, rapport, startServer, stopServers } from '../servers.ts';

const customers = Number(process.argv[2] ?? 100_000);
const days = 2_000;

const { name, url, workspaceId } = await seededDatabase(customers);
const client = await connect(name);

const counted = await withLongestStatement(() =>
  runRapport(url, ['recommendations', 'count', '--workspace', 'bench', '--days', String(days), '--json']),
);
const { orders, products, pairs } = JSON.parse(counted.result.output);
console.log(`Rapport: ${counted.result.seconds.toFixed(1)} s`);
const sql = await countBySql();
console.log(`SQL: ${sql.seconds.toFixed(1)} s`);
const different = await differentPairs();
const beside = await measureLookups();
await client.end();

publish('co-purchase', [
  '# Products bought together',
  '',
  `${await machine()}; ${orders.toLocaleString('en')} orders of ${products.toLocaleString('en')} products, three lines per order on average.`,
  '`rapport recommendations count` counts every order and stores the 20 best pairs of each product, with their measures and',
  'latest orders. The statement joins the lines of each order with themselves and stores the number of orders of all pairs.',
  '',
  '| | seconds | longest statement, s | memory, MB | temporary files of PostgreSQL, MB |',
  '|---|---|---|---|---|',
  `| rapport recommendations count | ${[counted.result.seconds.toFixed(1), counted.longest.toFixed(2), counted.result.mb.toFixed(0), counted.temporaryMb.toFixed(0)].join(' | ')} |`,
  `| one SQL statement | ${[sql.seconds.toFixed(1), sql.seconds.toFixed(1), '', sql.temporaryMb.toFixed(0)].join(' | ')} |`,
  '',
  `Of the ${pairs.toLocaleString('en')} stored pairs, ${different.toLocaleString('en')} differ from the statement's in number of orders or cosine.`,
  '',
  'The daily job counts in the server. Lookups of a customer by email, one at a time, in milliseconds:',
  '',
  '| | p50 | p99 | server, MB |',
  '|---|---|---|---|',
  lookupRow('without the job', beside.without),
  lookupRow(`during the job (${beside.seconds.toFixed(0)} s)`, beside.during),
]);
process.exit(different === 0 ? 0 : 1);

/** Runs a count. Returns with its result the seconds of the longest statement that PostgreSQL ran meanwhile, seen every 20 ms. */
async function withLongestStatement<T>(
  work: () => Promise<T>,
): Promise<{ result: T; longest: number; temporaryMb: number }> {
  const watcher = await connect(name);
  const before = await temporaryBytes(watcher);
  let [isRunning, longest] = [true, 0];
  const watch = async () => {
    while (isRunning) {
      const { rows } = await watcher.query<{ seconds: number | null }>(
        `SELECT extract(epoch FROM max(clock_timestamp() - query_start))::float8 AS seconds FROM pg_stat_activity
         WHERE datname = $1 AND state = 'active' AND pid <> pg_backend_pid()`,
        [name],
      );
      longest = Math.max(longest, rows[0]?.seconds ?? 0);
      await sleep(20);
    }
  };
  const watching = watch();
  const result = await work().finally(() => {
    isRunning = false;
  });
  await watching;
  const temporaryMb = ((await temporaryBytes(watcher)) - before) / 1_048_576;
  await watcher.end();
  return { result, longest, temporaryMb };
}

async function countBySql(): Promise<{ seconds: number; temporaryMb: number }> {
  const before = await temporaryBytes(client);
  const started = performance.now();
  await client.query(
    `CREATE TEMP TABLE pair AS
     WITH sold AS MATERIALIZED (SELECT DISTINCT l."orderId", l."productId" FROM "OrderLine" l
         JOIN "Order" o ON o."workspaceId" = l."workspaceId" AND o."id" = l."orderId"
         WHERE l."workspaceId" = '${workspaceId}' AND l."productId" IS NOT NULL AND o."placedAt" <= now()),
       of_product AS (SELECT "productId", count(*) AS orders FROM sold GROUP BY 1)
     SELECT p.*, p.orders / sqrt(one.orders::float8 * other.orders) AS cosine
     FROM (SELECT a."productId", b."productId" AS "otherProductId", count(*) AS orders
       FROM sold a JOIN sold b ON b."orderId" = a."orderId" AND b."productId" <> a."productId" GROUP BY 1, 2) p
     JOIN of_product one ON one."productId" = p."productId" JOIN of_product other ON other."productId" = p."otherProductId"`,
  );
  const seconds = (performance.now() - started) / 1_000;
  return { seconds, temporaryMb: ((await temporaryBytes(client)) - before) / 1_048_576 };
}

// Counts the ranks at which the stored pairs and the best pairs of the statement differ.
async function differentPairs(): Promise<number> {
  const { rows } = await client.query<{ different: number }>(
    `SELECT count(*)::integer AS different FROM
       (SELECT "productId", rank, orders, cosine FROM (SELECT *, row_number() OVER (PARTITION BY "productId" ORDER BY cosine DESC, "otherProductId") AS rank
          FROM pair WHERE orders >= ${fewestOrders}) ranked WHERE rank <= ${mostPairs}) expected
     FULL JOIN (SELECT *, row_number() OVER (PARTITION BY "productId" ORDER BY "cosine" DESC, "otherProductId") AS rank
       FROM "ProductPair" WHERE "workspaceId" = $1) stored USING ("productId", rank)
     WHERE stored."orders" IS DISTINCT FROM expected.orders OR abs(stored."cosine" - expected.cosine) > 1e-12`,
    [workspaceId],
  );
  return rows[0]?.different ?? Number.NaN;
}

async function measureLookups(): Promise<{ without: Figures; during: Figures; seconds: number }> {
  const database = await openDatabase({ databaseUrl: url, dataDir: '' });
  const { secret } = await createApiKey(database.forWorkspace(workspaceId), {
    name: 'bench',
    scopes: ['customers:read'],
  });
  // The server starts without a due job.
  await runScheduledJobs(database.forWorkspace(workspaceId));
  await database.close();
  const lookup = {
    headersOf: () => `authorization: Bearer ${secret}\r\n`,
    bodyOf: (n: number) =>
      JSON.stringify({
        query: 'query ($email: String!) { customer(by: { email: $email }) { id displayName } }',
        variables: { email: `customer-${1 + ((n * 7_919) % customers)}@example.com` },
      }),
    connections: 1,
  };
  return onDedicatedCores(async () => {
    const server = await startServer(rapport, 4_741, { DATABASE_URL: url });
    await drive(server, { ...lookup, ms: 3_000 });
    const without = await drive(server, { ...lookup, ms: 10_000 });
    await client.query(`UPDATE "CoPurchaseRun" SET "startedAt" = now() - interval '2 days' WHERE "workspaceId" = $1`, [
      workspaceId,
    ]);
    await untilStatus((status) => status === 'RUNNING');
    const started = performance.now();
    const isOver = untilStatus((status) => status !== 'RUNNING').then(() => (performance.now() - started) / 1_000);
    const during = await drive(server, { ...lookup, ms: 20_000 });
    const seconds = await isOver;
    await stopServers([server]);
    return { without, during, seconds };
  });
}

async function untilStatus(is: (status: string) => boolean): Promise<void> {
  for (;;) {
    const { rows } = await client.query('SELECT "status" FROM "CoPurchaseRun" WHERE "workspaceId" = $1', [workspaceId]);
    if (is(rows[0]?.status)) return;
    await sleep(100);
  }
}

async function temporaryBytes(connection: pg.Client): Promise<number> {
  const { rows } = await connection.query('SELECT temp_bytes FROM pg_stat_database WHERE datname = current_database()');
  return Number(rows[0]?.temp_bytes);
}

function lookupRow(what: string, { p50, p99, mb }: Figures): string {
  return `| ${[what, p50.toFixed(2), p99.toFixed(2), mb.toFixed(0)].join(' | ')} |`;
}
