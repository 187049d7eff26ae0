// Measures the cost of the audit log, alternately with and without it: npm run bench:audit -- [ROUNDS]
import { randomUUID } from 'node:crypto';
import { createApiKey } from '../../src/access/api-keys.ts';
import { allScopes } from '../../src/access/scopes.ts';
import { createWorkspace } from '../../src/access/workspaces.ts';
import { upsertCustomer } from '../../src/customers/customers.ts';
import { openDatabase } from '../../src/db/database.ts';
import { withActor } from '../../src/db/write/idempotency.ts';
import { upsertInteraction } from '../../src/interactions/interactions.ts';
import { createServer } from '../../src/server/create-server.ts';
import { freshDatabase, machine, median, onServer, publish, spread } from '../harness.ts';

const rounds = Number(process.argv[2] ?? 15);
const perRound = 200;
const name = 'rapport_bench_audit';
const database = await openDatabase({ databaseUrl: await freshDatabase(name), dataDir: '' });
const { id } = await createWorkspace(database, { slug: 'bench', name: 'bench' });
const silent = database.forWorkspace(id);
const actor = {
  keyId: randomUUID(),
  keyName: 'bench',
  operation: 'bench',
  purpose: null,
  requestId: 'bench',
  identityProof: null,
};
const noting = withActor(silent, actor, null, 10_000);

const email = (i: number) => `customer-${i}@example.com`;
for (let i = 0; i < 1_000; i++) await upsertCustomer(silent, { key: { email: email(i) }, note: `Note ${i}` });

const { fetch, flush } = createServer({ database, logger: { error: console.error, info: () => undefined } });
const keyOf = async (scopes: string[]) => (await createApiKey(silent, { name: 'bench', scopes })).secret;
const secrets = {
  noted: await keyOf(allScopes),
  masked: await keyOf(allScopes.filter((each) => !each.startsWith('pii:'))),
};
const oneCustomer = 'query ($by: CustomerKey!) { customer(by: $by) { note contactPoints { nodes { value } } } }';
const page = '{ customers(first: 50) { nodes { note contactPoints(first: 1) { nodes { value } } } } }';

async function read(secret: string, query: string, variables: object): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
  const body = JSON.stringify({ query, variables });
  await (await fetch(new Request('http://bench.test/graphql', { method: 'POST', headers, body }))).text();
}

let written = 0;
const interaction = () => ({
  customer: { email: email(written % 1_000) },
  channel: 'EMAIL',
  direction: 'INBOUND',
  occurredAt: new Date(),
  body: `Message ${++written}`,
});
const change = () => ({ key: { email: email(written % 1_000) }, note: `Note ${++written}` });
const by = () => ({ by: { email: email(++written % 1_000) } });

type Pair = { what: string; without: () => Promise<unknown>; with: () => Promise<unknown> };
const pairs: Pair[] = [
  {
    what: 'write an interaction',
    without: () => upsertInteraction(silent, interaction()),
    with: () => upsertInteraction(noting, interaction()),
  },
  {
    what: 'change a customer',
    without: () => upsertCustomer(silent, change()),
    with: () => upsertCustomer(noting, change()),
  },
  {
    what: 'read one customer',
    without: () => read(secrets.masked, oneCustomer, by()),
    with: () => read(secrets.noted, oneCustomer, by()),
  },
  {
    what: 'read a page of 50',
    without: () => read(secrets.masked, page, {}),
    with: () => read(secrets.noted, page, {}),
  },
];

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < perRound; i++) await work();
  await flush();
  return (performance.now() - started) / perRound;
}

const rows: string[] = [];
for (const pair of pairs) {
  const [off, on]: [number[], number[]] = [[], []];
  for (let round = -1; round < rounds; round++) {
    const [without, noted] = [await millisecondsOf(pair.without), await millisecondsOf(pair.with)];
    // The first round is a warm-up.
    if (round >= 0) off.push(without) && on.push(noted);
  }
  const ratio = median(on.map((each, i) => each / (off[i] ?? Number.NaN)));
  rows.push(
    `| ${pair.what} | ${median(off).toFixed(2)} (${spread(off)}) | ${median(on).toFixed(2)} (${spread(on)}) | ${ratio.toFixed(2)} |`,
  );
  console.log(rows.at(-1));
}
await database.close();
await onServer(`DROP DATABASE ${name}`);

publish('audit', [
  '# Cost of the audit log',
  '',
  `${await machine()}; ${rounds} interleaved pairs of ${perRound}, one after the other; medians (spread), and the median of the pairs' ratios.`,
  "Writes: in nobody's name, and noted by triggers. Reads over the whole API: masked, and unmasked and noted (written in batches, the batch counted).",
  '',
  '| | ms without | ms with | ratio |',
  '|---|---|---|---|',
  ...rows,
]);
