import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createServer } from '../src/server/create-server.ts';
import { silent, useApi } from './api.ts';
import { useHttpServer } from './http-server.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const faults: unknown[] = [];

const logger = { ...silent, error: (fault: unknown) => faults.push(fault) };
const { port } = new URL(await useHttpServer(createServer({ database: api.database, logger })));

/** Sends a raw HTTP request and returns the response, because HTTP clients would normalize the URL. */
async function ask(requestLine: string, body = '', headers: string[] = []): Promise<string> {
  const socket = connect(Number(port), '127.0.0.1');
  const always = [`authorization: Bearer ${shop.secret}`, 'host: localhost', 'connection: close'];
  socket.end([requestLine, ...always, ...headers, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'));
  return text(socket);
}

const entries: [string, (query: string) => Promise<string>][] = [
  ['POST', (query) => ask('POST /graphql HTTP/1.1', JSON.stringify({ query }), ['content-type: application/json'])],
  [
    'POST on the regular path',
    (query) =>
      ask('POST /graphql? HTTP/1.1', JSON.stringify({ query }), ['content-type: application/json; charset="utf-8"']),
  ],
  ['GET', (query) => ask(`GET /graphql?query=${encodeURI(query).replaceAll('#', '%23')} HTTP/1.1`)],
];

const deep = (levels: number) => `${'{a'.repeat(levels)}${'}'.repeat(levels)}`;
const literal = (levels: number) =>
  `mutation { upsertInteraction(input: { metadata: ${'['.repeat(levels)}${']'.repeat(levels)} }) { outcome } }`;

describe.each(entries)('over %s', (_entry, send) => {
  it.each([
    ['after a quote in a comment', `# "\n${deep(41)}`],
    ['after a block quote in a comment', `# """\r${deep(1_000)}`],
    ['after a comment at the end of a line', `query A # "\n${deep(1_000)}`],
    ['after a block string', `query A($a: String = """ " \\""" """) ${deep(1_000)}`],
    ['after a string', `query A($a: String = "\\\\") ${deep(1_000)}`],
    ['in a literal', `# "\n${literal(1_000)}`],
    ['in a type', `# "\nquery ($a: ${'['.repeat(1_000)}Int${']'.repeat(1_000)}) { __typename }`],
  ])('rejects a document that is deep %s', async (_what, query) => {
    const answer = await send(query);

    expect(answer).toContain('"code":"QUERY_TOO_COMPLEX"');
    expect(answer).toContain('A document can have at most 40 levels of nesting.');
    expect(faults).toEqual([]);
  });

  it.each([
    ['a comment', `# "{{{{${'{'.repeat(50)}\n{ __typename }`],
    ['a string', `query A($a: String = "\\"${'{'.repeat(50)}") { __typename @skip(if: false) viewer { keyId } }`],
  ])('does not count brackets in %s', async (_what, query) => {
    expect(await send(query)).not.toContain('QUERY_TOO_COMPLEX');
  });
});

it.each([
  ['a document', `query=${deep(1_000)}`],
  ['variables', `query={__typename}&variables=${'['.repeat(1_000)}`],
])('does not read %s after the # of a URL', async (_what, parameters) => {
  const answer = await ask(`GET /graphql#?${parameters} HTTP/1.1`);

  expect(answer).toContain('Must provide query string.');
  expect(faults).toEqual([]);
});
