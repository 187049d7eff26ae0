import { beforeEach, describe, expect, it } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { createServer } from '../src/server/create-server.ts';
import { silent, useApi } from './api.ts';
import { writeCanaries } from './canaries.ts';
import { startEachTestWithinOneMinute } from './database-minute.ts';
import { writeOneOfEverything } from './dataset.ts';
import { useHttpServer } from './http-server.ts';

const api = await useApi();
const shop = await api.tenant('shop');
await writeOneOfEverything(shop);
await writeCanaries(shop);
const server = createServer({ database: api.database, logger: silent });
const url = await useHttpServer(server);
startEachTestWithinOneMinute();

const scopes = ['customers:read', 'customers:write', 'orders:read', 'pii:free_text'];
const known = { email: 'marker-of-a@example.com' };
const operations: Record<string, { query: string; variables: object }> = {
  'a compiled query': {
    query: `query ($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT) { history { orders { note } } } }`,
    variables: { by: known },
  },
  'a query with resolvers': {
    query: '{ customers(where: { search: "marker" }) { nodes { orders { nodes { note } } } } viewer { keyId } }',
    variables: {},
  },
  'a compiled query next to resolvers': {
    query: `query ($by: CustomerKey!) { viewer { keyName }
      customerContext(by: $by, purpose: SUPPORT) { history { orders { note } } } }`,
    variables: { by: known },
  },
  'a compiled query with an invalid argument': {
    query: `query ($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT) { customerId } }`,
    variables: { by: { email: 'no' } },
  },
  'a write': {
    query: 'mutation ($input: TagCustomerInput!) { tagCustomer(input: $input) { outcome } }',
    variables: { input: { customer: known, tag: 'late' } },
  },
  'a write that would be rejected': {
    query: 'mutation ($input: TagCustomerInput!) { tagCustomer(input: $input) { outcome } }',
    variables: { input: { customer: { email: 'nobody@example.com' }, tag: 'late' } },
  },
  'a write whose response it may not read': {
    query: 'mutation ($input: TagCustomerInput!) { tagCustomer(input: $input) { customer { cases { totalCount } } } }',
    variables: { input: { customer: known, tag: 'late' } },
  },
};
const cases = Object.keys(operations).flatMap((name) => ['node:http', 'fetch'].map((way) => ({ name, way })));

async function post(way: string, secret: string, body: object, requestId = 'any') {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}`, 'x-request-id': requestId };
  const request = new Request(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = await (way === 'fetch' ? server.fetch(request) : fetch(request));
  return { status: answer.status, ...(await answer.json()) };
}

const setRevoked = (id: string, revokedAt: Date | null) =>
  shop.db.apiKey.update({ where: { workspaceId_id: { workspaceId: shop.db.workspaceId, id } }, data: { revokedAt } });
const cheap = { query: '{ viewer { keyName } }' };

describe('a key that is revoked between two requests', () => {
  let key: { id: string; secret: string };
  beforeEach(async () => {
    key = await createApiKey(shop.db, { name: 'over', scopes });
  });

  it.each(cases)('gets 401 for $name over $way, and is neither charged nor run', async ({ name, way }) => {
    const operation = operations[name] ?? cheap;
    await post(way, key.secret, operation);
    const before = (await post(way, key.secret, cheap)).extensions.cost;
    await shop.db.customerTag.deleteMany({ where: { tag: 'late' } });
    await setRevoked(key.id, new Date());

    const requestId = `over-${way.replace(':', '-')}`;
    const refused = await post(way, key.secret, operation, requestId);
    await server.flush();
    await setRevoked(key.id, null);
    const after = (await post(way, key.secret, cheap)).extensions.cost;

    expect(refused).toEqual({
      status: 401,
      errors: [
        {
          message: expect.stringMatching(/^This key is unknown, expired or revoked\. Send `Authorization/),
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    });
    expect(after.remaining).toBe(before.remaining - after.requested);
    expect(await shop.db.customerTag.count({ where: { tag: 'late' } })).toBe(0);
    expect(await shop.db.auditEvent.count({ where: { requestId } })).toBe(0);
  });

  it('is looked up before resolvers run', async () => {
    const operation = operations['a query with resolvers'] ?? cheap;
    await post('fetch', key.secret, operation);
    await setRevoked(key.id, new Date());
    api.statements.length = 0;

    await post('fetch', key.secret, operation);

    expect(api.statements.map(({ sql }) => sql.includes('rapport_api_key'))).toEqual([true]);
  });

  it('is forgotten, so the next request reaches no statement but its look-up', async () => {
    const operation = operations['a compiled query'] ?? cheap;
    await post('fetch', key.secret, operation);
    await setRevoked(key.id, new Date());
    await post('fetch', key.secret, operation);
    api.statements.length = 0;

    await post('fetch', key.secret, operation);

    expect(api.statements.map(({ sql }) => sql.includes('rapport_api_key'))).toEqual([true]);
  });
});
