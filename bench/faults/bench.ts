// Tests that writes survive kills, restarts and stops: npm run bench:faults -- IMPORT_FILE [ROUNDS]
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { machine, median, publish } from '../harness.ts';
import { ask, command, exitOf, isReady, outputOf, postgres, startServer } from './processes.ts';

const [file, given = '10'] = process.argv.slice(2);
if (!file) throw new Error('Missing file. Usage: npm run bench:faults -- IMPORT_FILE [ROUNDS]');
const rounds = Number(given);

const record = `mutation ($input: UpsertInteractionInput!, $key: String) {
  upsertInteraction(input: $input, idempotencyKey: $key) { outcome } }`;
const order = `mutation ($input: UpsertOrderInput!, $key: String) {
  upsertOrder(input: $input, idempotencyKey: $key) { outcome } }`;

postgres.create();
const database = new pg.Pool({ connectionString: postgres.url, max: 2 });
database.on('error', () => undefined);
outputOf(postgres.url, 'workspaces', 'create', '--slug', 'bench');
const { secret } = JSON.parse(
  outputOf(postgres.url, 'keys', 'create', '--workspace', 'bench', '--name', 'bench', '--scopes', 'all', '--json'),
);

let written = 0;
/** IDs of sent writes by result, and the number of rejected writes by error code. */
type Sent = { acknowledged: Set<string>; unanswered: Set<string>; refusals: Map<string, number> };

/** Writes several interactions and orders at a time until it is stopped. */
function writer(customer: string) {
  const sent: Sent = { acknowledged: new Set(), unanswered: new Set(), refusals: new Map() };
  let stopped = false;
  const one = async () => {
    while (!stopped) {
      const id = `write-${++written}`;
      const key = { externalId: { source: 'bench', value: id } };
      const at = new Date().toISOString();
      const isOrder = written % 3 === 0;
      const input = isOrder
        ? {
            key,
            customer: { email: customer },
            placedAt: at,
            currencyCode: 'GBP',
            lines: [{ title: 'Lamp', quantity: 2, unitPrice: '5' }],
          }
        : { key, customer: { email: customer }, channel: 'EMAIL', direction: 'INBOUND', occurredAt: at, body: id };
      const answer = await ask(secret, isOrder ? order : record, { input, key: id });
      if (answer === null) sent.unanswered.add(id);
      else if (answer.body.data && !answer.body.errors) sent.acknowledged.add(id);
      else {
        const code = String(answer.body.errors?.[0]?.extensions.code);
        sent.refusals.set(code, (sent.refusals.get(code) ?? 0) + 1);
      }
      if (answer === null) await sleep(20);
    }
  };
  const running = Promise.all(Array.from({ length: 8 }, one));
  return {
    sent,
    stop: () => {
      stopped = true;
      return running;
    },
  };
}

async function stored(): Promise<Map<string, number>> {
  const { rows } = await database.query(
    `SELECT "externalId" AS id, count(*)::integer AS n FROM (
       SELECT "externalId" FROM "Interaction" WHERE "source" = 'bench' UNION ALL SELECT "externalId" FROM "Order" WHERE "source" = 'bench'
     ) all_of_them GROUP BY 1`,
  );
  return new Map(rows.map(({ id, n }) => [id, n]));
}

async function halfWritten(): Promise<number> {
  const { rows } = await database.query(
    `SELECT count(*)::integer AS n FROM "Order" o WHERE "source" = 'bench'
     AND (SELECT count(*) FROM "OrderLine" l WHERE l."orderId" = o."id") <> 1`,
  );
  return rows[0].n;
}

const customer = 'bench@example.com';
const lines: string[] = [];

// 1. kill -9 of the server and an import, both in progress.
const killed = { lost: 0, doubled: 0, half: 0, acknowledged: 0, readyMs: [] as number[] };
let server = await startServer(postgres.url);
await ask(secret, 'mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', {
  input: { key: { email: customer } },
});
const importArgs = ['import', '--workspace', 'bench', '--source', 'shop', '--format', 'online-retail', file];
for (let round = 0; round < rounds; round++) {
  const writes = writer(customer);
  const importing = command(postgres.url, ...importArgs);
  await sleep(1_000 + Math.random() * 4_000);
  server.process.kill('SIGKILL');
  importing.kill('SIGKILL');
  await writes.stop();
  server = await startServer(postgres.url);
  killed.readyMs.push(server.readyMs);
  const now = await stored();
  killed.acknowledged += writes.sent.acknowledged.size;
  killed.lost += [...writes.sent.acknowledged].filter((id) => !now.has(id)).length;
  killed.doubled += [...now.values()].filter((n) => n > 1).length;
  killed.half += await halfWritten();
  console.log(
    `kill ${round + 1}: ${writes.sent.acknowledged.size} acknowledged, ready after ${Math.round(server.readyMs)} ms`,
  );
}
await exitOf(command(postgres.url, ...importArgs));
const imported = (
  await database.query(
    'SELECT count(*)::integer AS n FROM "OrderLine" l JOIN "Order" o ON o."id" = l."orderId" WHERE o."source" = \'shop\'',
  )
).rows[0].n;
const verified = outputOf(postgres.url, 'stats', 'verify', '--workspace', 'bench').trim().split('\n').at(-1);
lines.push(
  `| kill -9 of server and import, ${rounds} rounds | ${killed.acknowledged} writes acknowledged: ${killed.lost} lost, ${killed.doubled} doubled, ${killed.half} half-written; ready again after ${Math.round(median(killed.readyMs))} ms, at most ${Math.round(Math.max(...killed.readyMs))} ms; the import, resumed to its end, has ${imported} lines; ${verified} |`,
);

// 2. Restart of PostgreSQL under load.
const recoveries: number[] = [];
const refusals = new Map<string, number>();
let unavailable = 0;
let other = 0;
for (let round = 0; round < Math.min(rounds, 3); round++) {
  const writes = writer(customer);
  await sleep(1_500);
  postgres.stop(round % 2 ? 'immediate' : 'fast');
  const probe = await ask(secret, '{ workspace { slug } }', {});
  const code = probe?.body.errors?.[0]?.extensions.code;
  if (code === 'UNAVAILABLE') unavailable += 1;
  else other += 1;
  await sleep(1_000);
  postgres.start();
  const back = performance.now();
  while (!(await ask(secret, '{ workspace { slug } }', {}))?.body.data) await sleep(10);
  recoveries.push(performance.now() - back);
  await writes.stop();
  for (const [each, n] of writes.sent.refusals) refusals.set(each, (refusals.get(each) ?? 0) + n);
  const now = await stored();
  const lost = [...writes.sent.acknowledged].filter((id) => !now.has(id)).length;
  if (lost > 0) throw new Error(`${lost} acknowledged writes were lost after a restart of PostgreSQL.`);
  console.log(`restart ${round + 1}: back after ${Math.round(recoveries.at(-1) ?? 0)} ms, meanwhile ${code}`);
}
lines.push(
  `| PostgreSQL restarted under load, ${recoveries.length} rounds | meanwhile UNAVAILABLE ${unavailable} of ${unavailable + other}; writes rejected: ${[...refusals].map(([code, n]) => `${n} ${code}`).join(', ')}; first response ${Math.round(median(recoveries))} ms after it is up, at most ${Math.round(Math.max(...recoveries))} ms; process still running: ${await isReady()}; 0 acknowledged writes lost |`,
);

// 3. SIGTERM under load: every executed write must get its response.
const stops: number[] = [];
const codes = new Set<unknown>();
let silent = 0;
for (let round = 0; round < Math.min(rounds, 3); round++) {
  const writes = writer(customer);
  await sleep(1_500);
  const started = performance.now();
  const exited = exitOf(server.process);
  server.process.kill('SIGTERM');
  codes.add(await exited);
  stops.push(performance.now() - started);
  await writes.stop();
  const now = await stored();
  silent += [...writes.sent.unanswered].filter((id) => now.has(id)).length;
  server = await startServer(postgres.url);
  console.log(`stop ${round + 1}: after ${Math.round(stops.at(-1) ?? 0)} ms`);
}
lines.push(
  `| SIGTERM under load, ${stops.length} rounds | exit ${[...codes].join(', ')} after ${Math.round(median(stops))} ms, at most ${Math.round(Math.max(...stops))} ms; executed without a response: ${silent} |`,
);
server.process.kill('SIGKILL');
const measuredOn = await machine();
await database.end();
postgres.stop('fast');

publish('faults', [
  '# Faults',
  '',
  `${measuredOn}; eight concurrent writers, alternating between interactions and orders.`,
  '',
  '| | |',
  '|---|---|',
  ...lines,
]);
