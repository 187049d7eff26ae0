import { expect, it } from 'vitest';
import { runScheduledJobs } from '../src/jobs/scheduled-jobs.ts';
import { schema } from '../src/server/schema.ts';
import { unlimited, useApi } from './api.ts';
import { selectionOf } from './cross-tenant-values.ts';
import { everyMutation } from './every-mutation.ts';

const api = await useApi({ limits: unlimited });
const later = () => new Date(Date.now() + 1_000);
const mutations = schema.getMutationType()?.getFields() ?? {};

// Data that remains of an erased customer, data that belongs to no customer, and the list of data requests.
const answered = [
  ...['upsertOrder', 'recordPayment', 'recordFulfillment', 'recordReturn', 'upsertProduct', 'upsertLocation'],
  ...['cancelOrder', 'updateOrderShippingAddress', 'updateOrderPaymentMethod', 'updateOrderItems'],
  ...['requestReturn', 'requestExchange', 'setOrderPolicy', 'setNextActionCap'],
  ...['definePreference', 'setRetention', 'revokeApiKey', 'requestErasure', 'cancelErasure'],
];
const ofCustomer = [
  ...['upsertCustomer', 'addContactPoint', 'removeContactPoint', 'tagCustomer', 'untagCustomer', 'createCustomerToken'],
];

type Sent = { name: string; document: string; headers: Record<string, string> };

/** Creates a customer and sends every mutation for it, each with a separate idempotency key. */
async function writeAll(slug: string) {
  const shop = await api.tenant(slug);
  const own = `upsertCustomer(input: { key: { email: "canary@example.com" }, givenName: "Canary", note: "canary" })`;
  const { upsertCustomer } = await shop.data(`mutation { ${own} { customer { id } } }`);
  const customerId: string = upsertCustomer.customer.id;
  const sent: Sent[] = [];
  const send = async (field: string) => {
    const name = /^\w+/.exec(field)?.[0] ?? '';
    const selection = mutations[name] ? selectionOf(mutations[name].type, 2) : '';
    const each = {
      name,
      document: `mutation { ${field} ${selection} }`,
      headers: { 'idempotency-key': `${sent.length}` },
    };
    sent.push(each);
    await shop.data(each.document, {}, each);
  };
  await send(own);
  for await (const field of everyMutation(shop, customerId)) await send(field);
  const ask = 'mutation ($input: RequestErasureInput!) { requestErasure(input: $input) { outcome } }';
  const erase = () => shop.data(ask, { input: { customer: { id: customerId }, afterDays: 0 } });
  return { shop, sent, erase };
}

function codesOf(replays: { name: string; code: string | null }[]) {
  return Object.fromEntries(replays.map(({ name, code }) => [name, code]));
}

function expected(name: string): string | null {
  if (name === 'createApiKey' || ofCustomer.includes(name)) return 'CONFLICT';
  return answered.includes(name) ? null : 'NOT_FOUND';
}

it.each(['while the erasure runs', 'after it'])(
  'replaying a write about an erased customer fails with a code %s',
  async (when) => {
    const { shop, sent, erase } = await writeAll(when.replaceAll(' ', '-'));
    await erase();
    const batches = when === 'after it' ? {} : { signal: AbortSignal.abort() };
    await runScheduledJobs(shop.db, later(), batches).catch(() => undefined);

    const replays = [];
    for (const { name, document, headers } of sent) {
      const answer = await shop.send(document, {}, { headers });
      replays.push({ name, code: answer.errors?.[0]?.extensions.code ?? null, seen: JSON.stringify(answer) });
    }

    const status = await shop.db.erasureRequest.findMany({ orderBy: { requestedAt: 'desc' }, take: 1 });
    expect(status).toMatchObject([{ status: when === 'after it' ? 'EXECUTED' : 'EXECUTING' }]);
    expect(codesOf(replays)).toEqual(Object.fromEntries(Object.keys(mutations).map((name) => [name, expected(name)])));
    expect(replays.filter(({ seen }) => /canary|512345678/i.test(seen))).toEqual([]);
    expect(api.faults).toEqual([]);
  },
);

it('replaying a write about an interaction deleted by retention fails with NOT_FOUND, for any selection', async () => {
  const shop = await api.tenant('retention');
  await shop.data('mutation { upsertCustomer(input: { key: { email: "a@example.com" } }) { outcome } }');
  await shop.data('mutation { setRetention(input: { interactionRetentionDays: 1 }) { __typename } }');
  const document = `mutation { upsertInteraction(input: { customer: { email: "a@example.com" }, channel: EMAIL,
    direction: INBOUND, occurredAt: "2026-01-01T00:00:00Z" }, idempotencyKey: "i") { outcome } }`;
  await shop.data(document);
  await runScheduledJobs(shop.db, later());

  const { message, extensions } = await shop.error(document);

  expect([message, extensions.code]).toEqual(['The interaction was written, but it no longer exists.', 'NOT_FOUND']);
});

it('a write whose row disappears before the response fails with NOT_FOUND', async () => {
  const shop = await api.tenant('gone');
  await shop.data('mutation { upsertCustomer(input: { key: { email: "a@example.com" } }) { outcome } }');
  await api.database.asOwner((owner) =>
    owner.query(`CREATE FUNCTION drop_new() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN DELETE FROM "Case" WHERE "id" = NEW."id"; RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER drop_new AFTER INSERT ON "Case" DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION drop_new()`),
  );

  const { extensions } = await shop.error(`mutation { openCase(input: { customer: { email: "a@example.com" },
    subject: "x" }) { case { id } } }`);

  expect(extensions.code).toBe('NOT_FOUND');
});
