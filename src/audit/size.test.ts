import { beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { writeLines } from '../../test/run-import.ts';
import { createApiKey } from '../access/api-keys.ts';
import { allScopes } from '../access/scopes.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const customers = 50;
const rows = Array.from({ length: customers }, (_, i) => ({
  type: 'customer',
  key: { email: `c${i}@example.com` },
  note: 'x',
}));
await writeLines(shop.db, rows, 'shop');
const { secret } = await createApiKey(shop.db, { name: 'ż'.repeat(300), scopes: allScopes });

// Size of an audit event beyond the values of the request: names, IDs and times.
const bytesPerRow = 1_500;

const others = [
  'orders',
  'products',
  'cases',
  'interactions',
  'locations',
  'preferenceDefinitions',
  'auditEvents',
  'apiKeys',
  'erasureRequests',
];

it.each([
  ['a long name', `query ${'n'.repeat(40_000)} { customers(first: 50) { nodes { note } } }`],
  [
    'no name and many fields',
    `{ customers(first: 50) { nodes { note } } ${others.map((name) => `${name}(first: 1) { pageInfo { hasNextPage } }`).join(' ')} }`,
  ],
  ['a name and long aliases', `query Q { customers(first: 50) { ${'a'.repeat(40_000)}: nodes { note } } }`],
])('writes events of limited size for a read with %s', async (what, query) => {
  const requestId = `${what.replaceAll(' ', '-')}-`.padEnd(128, 'r');

  expect((await api.sendAs(secret, query, {}, { headers: { 'x-request-id': requestId } })).errors).toBeUndefined();
  await api.flush();

  const noted = await shop.db.auditEvent.findMany({ where: { requestId } });
  expect(noted).toHaveLength(customers);
  expect(Buffer.byteLength(JSON.stringify(noted))).toBeLessThan(query.length + customers * bytesPerRow);
  for (const { operation } of noted) expect(operation.length).toBeLessThanOrEqual(100);
});

it('records a write by its mutation name, even if the operation name is long', async () => {
  const tags = Array.from({ length: 50 }, (_, i) => `tag-${i}`);
  const query = `mutation ${'n'.repeat(40_000)} ($input: UpsertCustomerInput!) { ${'a'.repeat(5_000)}: upsertCustomer(input: $input) { outcome } }`;
  const requestId = 'w'.repeat(128);

  const input = { key: { email: 'c0@example.com' }, tags };
  expect(
    (await api.sendAs(secret, query, { input }, { headers: { 'x-request-id': requestId } })).errors,
  ).toBeUndefined();

  const noted = await shop.db.auditEvent.findMany({ where: { requestId } });
  expect(noted.length).toBeGreaterThanOrEqual(tags.length);
  expect(new Set(noted.map(({ operation }) => operation))).toEqual(new Set(['upsertCustomer']));
  expect(Buffer.byteLength(JSON.stringify(noted))).toBeLessThan(noted.length * bytesPerRow);
});

describe('the changed values of a write', () => {
  const text = (letter: string) => letter.repeat(20_000);
  const key = (i: number) => ({ externalId: { source: 'audit', value: `${i}` } });
  const base = {
    customer: { email: 'c0@example.com' },
    channel: 'EMAIL',
    direction: 'INBOUND',
    occurredAt: new Date(0),
  };
  const upsert = 'mutation ($input: UpsertInteractionInput!) { upsertInteraction(input: $input) { outcome } }';

  async function send(requestId: string, query: string, variables: object) {
    const answer = await api.sendAs(secret, query, variables, { headers: { 'x-request-id': requestId } });
    expect(answer.errors).toBeUndefined();
    const noted = await shop.db.auditEvent.findMany({ where: { requestId } });
    const changes = (noted[0]?.changes ?? {}) as Record<string, [unknown, unknown]>;
    return { noted, changes, sent: Buffer.byteLength(JSON.stringify({ query, variables })) };
  }

  beforeEach(async () => {
    for (let i = 0; i < 5; i++)
      await shop.data(upsert, { input: { ...base, key: key(i), body: text('a'), metadata: { text: text('a') } } });
  });

  it('take no more bytes than the request, even if it repeats a variable', async () => {
    const rows = [0, 1, 2, 3, 4];
    const query = `mutation ($body: String!) { ${rows
      .map(
        (i) => `m${i}: upsertInteraction(input: { key: { externalId: { source: "audit", value: "${i}" } },
        body: $body, metadata: null }) { outcome }`,
      )
      .join(' ')} }`;

    const { noted, sent } = await send('shared', query, { body: text('b') });

    expect(noted).toHaveLength(rows.length);
    expect(Buffer.byteLength(JSON.stringify(noted))).toBeLessThan(sent + noted.length * bytesPerRow);
    expect(JSON.stringify(noted)).toContain('[19900 bytes left out]');
  });

  it('are complete up to the size of the request, starting with the values before', async () => {
    const { changes } = await send('whole', upsert, { input: { key: key(0), body: text('ż'), metadata: null } });

    const { body, metadata } = changes;
    expect(body).toEqual([text('a'), `${'ż'.repeat(100)}… [39800 bytes left out]`]);
    expect(metadata).toEqual([{ text: text('a') }, null]);
  });

  it('are cut if they are longer than the request, except for short ones', async () => {
    const { noted, changes, sent } = await send('short', upsert, { input: { key: key(0), body: 'b', metadata: null } });

    expect(Buffer.byteLength(JSON.stringify(noted))).toBeLessThan(sent + bytesPerRow);
    const { body, metadata } = changes;
    expect(body).toEqual([`${'a'.repeat(100)}… [19900 bytes left out]`, 'b']);
    expect(metadata).toEqual([expect.stringMatching(/^{"text": "a+… \[\d+ bytes left out]$/), null]);
  });
});
