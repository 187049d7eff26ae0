import { get } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createServer } from '../src/server/create-server.ts';
import { silent, useApi } from './api.ts';
import { useHttpServer } from './http-server.ts';

const api = await useApi();
const secret = 'rapport_of_the_demo';
let created = 0;
const exampleKeys = async () => {
  created += 1;
  return [{ slug: 'retail', secret }];
};
const server = createServer({ database: api.database, logger: silent, forDevelopment: true, exampleKeys });
const url = new URL(await useHttpServer(server));

type Page = { status: number; headers: Record<string, unknown>; body: Buffer };

function open(headers: Record<string, string> = {}): Promise<Page> {
  const options = { port: url.port, path: '/graphql', headers: { accept: 'text/html', ...headers } };
  return new Promise((resolve, reject) => {
    get(options, async (answer) => {
      const body = Buffer.concat(await answer.toArray());
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body });
    }).once('error', reject);
  });
}

describe('the page of GraphiQL', () => {
  it('is compressed to less than 3 MB', async () => {
    const { headers, body } = await open({ 'accept-encoding': 'gzip' });

    expect(headers['content-encoding']).toBe('gzip');
    expect(body.length).toBeLessThan(3_000_000);
    expect(gunzipSync(body).toString()).toContain('renderYogaGraphiQL');
  });

  it('loads nothing from elsewhere', async () => {
    const { body } = await open();

    expect(body.toString()).not.toMatch(/<(?:script|link)[^>]+(?:src|href)="(?!data:)/);
  });

  it('is not sent again while it is unchanged', async () => {
    const first = await open();

    const again = await open({ 'if-none-match': String(first.headers.etag) });

    expect(first.headers['cache-control']).toBe('private, no-cache');
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it('contains the keys of the examples, created once', async () => {
    const pages = await Promise.all([open(), open()]);

    expect(pages.map(({ body }) => body.includes(secret))).toEqual([true, true]);
    expect(created).toBe(1);
  });

  it.each(['rapport.example:4000', '192.0.2.1'])('contains no key if it is opened as %s', async (host) => {
    const { status, body } = await open({ host });

    expect(status).toBe(200);
    expect(body.includes(secret)).toBe(false);
    expect(body.includes('rapport_…')).toBe(true);
  });

  it('is not served in production', async () => {
    const production = createServer({ database: api.database, logger: silent, exampleKeys });

    const answer = await production.fetch(new Request(url, { headers: { accept: 'text/html' } }));

    expect(await answer.text()).not.toContain('renderYogaGraphiQL');
  });
});
