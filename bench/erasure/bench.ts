// Measures erasure and retention of many rows: npm run bench:erasure -- [INTERACTIONS [ANSWERS [OLD [NAMES]]]]
import type pg from 'pg';
import { createWorkspace } from '../../src/access/workspaces.ts';
import { upsertCustomer } from '../../src/customers/customers.ts';
import { openDatabase } from '../../src/db/database.ts';
import { requestErasure } from '../../src/privacy/erasure.ts';
import { executeErasures } from '../../src/privacy/execute-erasures.ts';
import { applyRetention, setRetention } from '../../src/privacy/retention.ts';
import { connect, freshDatabase, machine, publish } from '../harness.ts';

const [interactions = 200_000, answers = 1_000_000, old = 2_000_000, names = 200_000] = process.argv
  .slice(2)
  .map(Number);
const name = 'rapport_bench_erasure';
const database = await openDatabase({ databaseUrl: await freshDatabase(name), dataDir: '' });
const { id: workspaceId } = await createWorkspace(database, { slug: 'bench', name: 'bench' });
const db = database.forWorkspace(workspaceId);
const owner = await connect(name);

let longestMs = 0;
database.pool.on('connect', (client: pg.PoolClient) => {
  const send = client.query;
  Object.assign(client, {
    query(...query: unknown[]) {
      const startedAt = performance.now();
      const sent = Reflect.apply(send, client, query) as unknown;
      if (sent instanceof Promise)
        sent.then(
          () => {
            longestMs = Math.max(longestMs, performance.now() - startedAt);
          },
          () => undefined,
        );
      return sent;
    },
  });
});

const customer = async (email: string) => (await upsertCustomer(db, { key: { email } })).id;
const [talker, answerer, keeper, known] = await Promise.all(
  ['a', 'b', 'c', 'd'].map((each) => customer(`${each}@example.com`)),
);

const common = `"channel", "direction", "kind", "actorKind", "subject", "body", "topics", "createdAt", "updatedAt"`;
const said = `'EMAIL', 'INBOUND', 'MESSAGE', 'CUSTOMER', 'Subject ' || i, repeat('word ', 40), '{}', now(), now()`;
await owner.query(
  `INSERT INTO "Case" ("workspaceId", "id", "customerId", "number", "kind", "status", "priority", "subject", "openedAt", "createdAt", "updatedAt")
   SELECT $1, gen_random_uuid(), $2, i, 'QUESTION', 'OPEN', 'LOW', 'Case ' || i, now(), now(), now() FROM generate_series(1, $3::integer) i`,
  [workspaceId, talker, interactions / 20],
);
await owner.query(
  `INSERT INTO "Interaction" ("workspaceId", "id", "customerId", "caseId", "occurredAt", ${common})
   SELECT $1, gen_random_uuid(), $2, c."id", now() - i * interval '1 second', ${said}
   FROM generate_series(1, $3::integer) i LEFT JOIN "Case" c ON c."workspaceId" = $1 AND c."number" = i`,
  [workspaceId, talker, interactions],
);
await owner.query(
  `INSERT INTO "AuditEvent" ("workspaceId", "id", "occurredAt", "keyId", "keyName", "operation", "requestId", "action", "entity", "entityId", "customerId", "changes", "piiClasses")
   SELECT $1, gen_random_uuid(), now(), gen_random_uuid(), 'bench', 'bench', '', 'UPDATED', 'Interaction', "id", $2,
     jsonb_build_object('body', jsonb_build_array(NULL, "body")), '{}' FROM "Interaction" WHERE "customerId" = $2`,
  [workspaceId, talker],
);
await owner.query(
  `INSERT INTO "SurveyResponse" ("workspaceId", "id", "customerId", "kind", "rating", "comment", "respondedAt", "createdAt")
   SELECT $1, gen_random_uuid(), $2, 'NPS', 9, 'Comment ' || i, now() - i * interval '1 second', now() FROM generate_series(1, $3::integer) i`,
  [workspaceId, answerer, answers],
);
await owner.query(
  `INSERT INTO "Interaction" ("workspaceId", "id", "customerId", "occurredAt", ${common})
   SELECT $1, gen_random_uuid(), $2, now() - interval '2 years' - i * interval '1 second', ${said} FROM generate_series(1, $3::integer) i`,
  [workspaceId, keeper, old],
);
await owner.query(
  `INSERT INTO "CustomerExternalId" ("workspaceId", "customerId", "source", "value", "createdAt")
   SELECT $1, $2, 'bench', i::text, now() FROM generate_series(1, $3::integer) i`,
  [workspaceId, known, names],
);
await owner.query('VACUUM ANALYZE');

type Measured = { what: string; rows: number; seconds: number; longest: number; memory: number };
const megabytes = () => process.memoryUsage().rss / 1e6;

async function measure(what: string, rows: number, work: () => Promise<unknown>): Promise<Measured> {
  longestMs = 0;
  let memory = megabytes();
  const sampling = setInterval(() => {
    memory = Math.max(memory, megabytes());
  }, 20);
  const startedAt = performance.now();
  await work();
  clearInterval(sampling);
  const measured = { what, rows, seconds: (performance.now() - startedAt) / 1_000, longest: longestMs, memory };
  console.log(JSON.stringify(measured));
  return measured;
}

const idle = megabytes();
const erase = async (email: string) => {
  await requestErasure(db, { customer: { email }, afterDays: 0 });
  await executeErasures(db, new Date(Date.now() + 1_000));
};
const measured = [
  await measure(
    `erase a customer with ${interactions} interactions, as many audit events and ${interactions / 20} cases`,
    interactions,
    () => erase('a@example.com'),
  ),
  await measure(`erase a customer with ${answers} survey responses`, answers, () => erase('b@example.com')),
  await measure(`erase a customer with ${names} external IDs`, names, () => erase('d@example.com')),
];
// In two halves, older first. The second half takes as long as the first unless the time grows faster than the rows.
const middle = Math.ceil(730 + old / 2 / 86_400);
for (const days of [middle, 365]) {
  await setRetention(db, { interactionRetentionDays: days });
  let removed = 0;
  const half = await measure('retention', 0, async () => {
    removed = await applyRetention(db);
  });
  measured.push({ ...half, rows: removed, what: `retention over ${removed} of ${old} interactions` });
}
const left = await owner.query(
  'SELECT (SELECT count(*) FROM "Interaction") + (SELECT count(*) FROM "SurveyResponse") AS n',
);

publish('erasure', [
  '# Erasure and retention of many rows',
  '',
  `${await machine()}; in batches of 2,000, each in its own transaction; the statement timeout is one minute. The process used ${idle.toFixed(0)} MB before.`,
  '',
  '| | seconds | rows/s | longest statement, ms | memory of the process, MB |',
  '|---|---|---|---|---|',
  ...measured.map(({ what, rows, seconds, longest, memory }) => {
    const figures = [seconds.toFixed(1), (rows / seconds).toFixed(0), longest.toFixed(0), memory.toFixed(0)];
    return `| ${what} | ${figures.join(' | ')} |`;
  }),
  '',
  `Rows left: ${left.rows[0].n}.`,
]);
await owner.end();
await database.close();
