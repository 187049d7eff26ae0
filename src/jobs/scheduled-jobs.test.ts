import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { runScheduledJobs } from './scheduled-jobs.ts';

const { database, tenant } = await useApi();
const [shop, idle] = [await tenant('shop'), await tenant('idle')];
const dayMs = 24 * 3_600_000;

const message = `mutation ($at: DateTime!) { upsertInteraction(input: { key: { externalId: { source: "s", value: "1" } },
  customer: { email: "ada@example.com" }, channel: EMAIL, direction: INBOUND, occurredAt: $at, body: "Hello" }) { outcome } }`;
const order = `mutation { upsertOrder(input: { key: { externalId: { source: "s", value: "1" } }, customer: { email: "ada@example.com" },
  placedAt: "2026-01-01T00:00:00Z", currencyCode: "GBP", total: "1" }) { outcome } }`;

const dueAt = async (now: Date) => {
  const { rows } = await database.pool.query('SELECT * FROM rapport_due_jobs($1)', [now]);
  return new Map(rows.map(({ workspaceId, jobs }) => [workspaceId, jobs.sort()]));
};

it('returns no jobs for an idle workspace', async () => {
  const due = await dueAt(new Date());

  expect(due.get(idle.db.workspaceId)).toBeUndefined();
});

it('returns each job when it is due, and none after it has run', async () => {
  const { workspaceId } = shop.db;
  const ada = 'mutation { upsertCustomer(input: { key: { email: "ada@example.com" } }) { customer { id } } }';
  const { customer } = (await shop.data(ada)).upsertCustomer;
  await shop.data(message, { at: new Date(Date.now() - 10 * dayMs).toISOString() });
  await shop.data(order, {}, { headers: { 'idempotency-key': 'order-1' } });
  await runScheduledJobs(shop.db);
  const fresh = (await dueAt(new Date())).get(workspaceId);
  const hourLater = (await dueAt(new Date(Date.now() + 3_700_000))).get(workspaceId);
  const twoDaysLater = new Date(Date.now() + 2 * dayMs);
  await shop.data('mutation { setRetention(input: { interactionRetentionDays: 5 }) { interactionRetentionDays } }');
  await shop.data(
    'mutation ($id: ID!) { requestErasure(input: { customer: { id: $id }, afterDays: 1 }) { outcome } }',
    {
      id: customer.id,
    },
  );

  const later = (await dueAt(twoDaysLater)).get(workspaceId);
  await runScheduledJobs(shop.db, twoDaysLater);
  const done = (await dueAt(twoDaysLater)).get(workspaceId);

  expect(fresh).toBeUndefined();
  expect(hourLater).toEqual(['rfmBounds']);
  expect(later).toEqual([
    'customerValue',
    'erasures',
    'idempotencyRecords',
    'productPairs',
    'rateLimits',
    'retention',
    'rfmBounds',
  ]);
  // Their runs are recorded at the time of the database, which is two days earlier.
  expect(done).toEqual(['customerValue', 'productPairs']);
});
