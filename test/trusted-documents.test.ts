import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createClient, type Fetch } from '@rapport/sdk';
import * as ops from '@rapport/sdk/ops';
import * as opsByHash from '@rapport/sdk/ops-hash';
import { byId } from '@rapport/sdk/persisted';
import { describe, expect, it } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { createServer } from '../src/server/create-server.ts';
import { silent, useApi } from './api.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const { secret: narrow } = await createApiKey(shop.db, { name: 'app' });

const manifests = [
  'sdk/persisted.json',
  ...readdirSync('released').map((version) => `released/${version}/persisted.json`),
];
const read = (path: string) => Object.entries<string>(JSON.parse(readFileSync(path, 'utf8')));
const idOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const [anyone, trusting] = [false, true].map((onlyTrustedDocuments) =>
  createServer({ database: api.database, logger: silent, onlyTrustedDocuments }),
) as [ReturnType<typeof createServer>, ReturnType<typeof createServer>];

async function send(server: typeof anyone, secret: string, body: object) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await server.fetch(new Request('http://rapport.test/graphql', init));
  return { status: answer.status, ...(await answer.json()) };
}

/** Creates a client of a server, and records what it sends. */
function clientOf(server: typeof anyone, documents?: ReturnType<typeof byId>) {
  const sent: string[] = [];
  const fetch: Fetch = (url, init) => {
    sent.push(init.body);
    return server.fetch(new Request(url, init));
  };
  return { sent, client: createClient({ url: 'http://rapport.test/graphql', token: narrow, fetch, documents }) };
}

describe('manifests', () => {
  it.each(manifests)('%s identifies each text by its SHA-256', (path) => {
    for (const [id, text] of read(path)) expect(id).toBe(idOf(text));
    expect(read(path).length).toBeGreaterThan(40);
  });

  it('of this version matches both kinds of operations', () => {
    const texts = Object.values(ops).map(String);
    const ids = Object.values(opsByHash).map((operation) => /sha256:\w+$/.exec(String(operation))?.[0]);

    expect(new Map(read('sdk/persisted.json'))).toEqual(new Map(texts.map((text) => [idOf(text), text])));
    expect(new Set(ids)).toEqual(new Set(texts.map(idOf)));
    expect(Object.keys(opsByHash).sort()).toEqual(Object.keys(ops).sort());
  });
});

describe('a document by ID', () => {
  it.each(
    manifests.flatMap((path) =>
      read(path)
        .slice(0, 3)
        .map(([id, text]) => [path, text.slice(0, 20), id, text]),
    ),
  )('of %s (%s) runs like its text', async (_path, _head, documentId, query) => {
    const left = ({ extensions: _, ...answer }: { extensions?: unknown }) => answer;

    expect(left(await send(anyone, shop.secret, { documentId }))).toEqual(
      left(await send(anyone, shop.secret, { query })),
    );
  });

  it('runs with its variables', async () => {
    const { client, sent } = clientOf(anyone, byId());
    await shop.data('mutation { upsertCustomer(input: { key: { email: "ada@example.com" } }) { outcome } }');

    const { customer } = await client.request(ops.Customer, { by: { email: 'ada@example.com' } });
    const { customer: again } = await client.request(opsByHash.Customer, { by: { email: 'ada@example.com' } });

    expect(again).toEqual({ ...customer });
    expect(sent.map((body) => Object.keys(JSON.parse(body)))).toEqual([
      ['documentId', 'variables'],
      ['documentId', 'variables'],
    ]);
  });

  it.each(['sha256:0', 'nothing', '', 7, null])(
    'that is invalid (%j) is rejected without quoting it',
    async (documentId) => {
      const { status, errors } = await send(anyone, shop.secret, { documentId });

      expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'DOCUMENT_NOT_FOUND' } })]);
      expect(status).toBe(404);
    },
  );

  it('needs no look-up of the key if it is one statement', async () => {
    const documentId = idOf(String(ops.CustomerContext));
    const variables = { by: { email: 'ada@example.com' }, purpose: 'SUPPORT' };
    await send(trusting, shop.secret, { documentId, variables });
    api.statements.length = 0;

    const again = await send(trusting, shop.secret, { documentId, variables });

    expect(again.errors).toBeUndefined();
    expect(api.statements).toHaveLength(1);
  });
});

describe('if only trusted documents are accepted', () => {
  const free = '{ viewer { keyName } }';

  it('a key can send those, by ID or text, and no others', async () => {
    const { client } = clientOf(trusting, byId({ only: true }));
    const byText = clientOf(trusting).client;

    const { viewer } = await client.request(ops.Viewer);
    const { viewer: again } = await byText.request(ops.Viewer);
    const { errors } = await send(trusting, narrow, { query: free });
    const schema = await send(trusting, narrow, { query: '{ __schema { queryType { name } } }' });

    expect([viewer.keyName, again.keyName]).toEqual(['app', 'app']);
    expect(errors[0].extensions).toEqual({ code: 'FORBIDDEN' });
    expect(schema.errors[0].extensions).toEqual({ code: 'FORBIDDEN' });
  });

  it('a key with documents:free can send any, without making them known to others', async () => {
    const { secret } = await createApiKey(shop.db, { name: 'desk', scopes: ['documents:free', 'customers:read'] });
    const context = '{ customerContext(by: { email: "ada@example.com" }, purpose: SUPPORT) { customerId } }';

    const answers = [
      await send(trusting, secret, { query: free }),
      await send(trusting, secret, { query: context }),
      await send(trusting, secret, { query: context }),
    ];

    expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined, undefined]);
    expect((await send(trusting, narrow, { query: context })).errors[0].extensions.code).toBe('FORBIDDEN');
  });
});

describe('a text that is not trusted', () => {
  it('is not parsed for requests without a key, or for keys that may not send it', async () => {
    const wrong = '{ customers { nope } }';

    const answers = [
      await send(trusting, 'rapport_nothing', { query: wrong }),
      await send(trusting, narrow, { query: wrong }),
    ];

    expect(answers.map(({ errors }) => errors[0].extensions.code)).toEqual(['UNAUTHENTICATED', 'FORBIDDEN']);
  });

  it('does not run under the name of a trusted one', async () => {
    const { secret } = await createApiKey(shop.db, { name: 'desk', scopes: ['documents:free', 'customers:read'] });
    const evil = 'query Evil { customerContext(by: { email: "ada@example.com" }, purpose: SUPPORT) { customerId } }';
    const trusted = String(ops.CustomerContext);
    await send(trusting, secret, { query: `${evil} ${trusted}`, operationName: 'Evil' });

    const answers = [
      await send(trusting, narrow, { query: trusted, operationName: `Evil ${evil}` }),
      await send(trusting, narrow, { query: trusted, operationName: 'Evil' }),
    ];

    expect(answers.map(({ status, data }) => [status, data])).toEqual([
      [400, undefined],
      [400, undefined],
    ]);
  });
});

describe('a client that sends IDs', () => {
  const stranger = createServer({ database: api.database, logger: silent, documents: new Map() });

  it('sends the text if the API does not know an ID, and from then on', async () => {
    const { client, sent } = clientOf(stranger, byId());

    const answers = [await client.request(ops.Viewer), await client.request(ops.Viewer)];

    expect(answers.map(({ viewer }) => viewer.keyName)).toEqual(['app', 'app']);
    expect(sent.map((body) => Object.keys(JSON.parse(body))[0])).toEqual(['documentId', 'query', 'query']);
  });

  it.each([
    ['that sends only IDs', byId({ only: true }), ops.Viewer],
    ['with operations by hash', undefined, opsByHash.Viewer],
  ])('%s reports an unknown document', async (_what, documents, operation) => {
    const { client, sent } = clientOf(stranger, documents);

    await expect(client.request(operation)).rejects.toMatchObject({ code: 'DOCUMENT_NOT_FOUND', attempts: 2 });
    expect(sent.every((body) => !body.includes('keyName'))).toBe(true);
  });
});
