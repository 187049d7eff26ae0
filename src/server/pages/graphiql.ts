import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Example, exampleTabs } from './graphiql-examples.ts';

/** A key that GraphiQL sends for the examples of a demo workspace. */
export type ExampleKey = { slug: string; secret: string };

type Page = { html: string; compressed: Buffer; etag: string };

const compress = promisify(gzip);
// Its keys expire after a day.
const pageLifetimeMs = 12 * 3_600_000;

/**
 * Serves GraphiQL with the examples in tabs. Returns null for requests that do not accept a page. The page contains its
 * scripts, so it works offline. Browsers cache it and revalidate it by its ETag. It contains the keys that `createKeys`
 * returns, but only if the request names this machine: a site whose DNS name points at this address cannot read them.
 */
export function graphiql(createKeys: () => Promise<ExampleKey[]>): (request: Request) => Promise<Response | null> {
  let withKeys: { page: Promise<Page>; until: number } | null = null;
  let withoutKeys: Promise<Page> | null = null;
  const pageFor = (host: string): Promise<Page> => {
    if (!isLoopback(host)) {
      withoutKeys ??= render(exampleTabs([]));
      return withoutKeys;
    }
    if (withKeys === null || withKeys.until < Date.now()) {
      const page = createKeys().then((keys) => render(exampleTabs(keys)));
      withKeys = { page, until: Date.now() + pageLifetimeMs };
      page.catch(() => {
        withKeys = null;
      });
    }
    return withKeys.page;
  };
  return async (request) => {
    const isPage = request.method === 'GET' && request.headers.get('accept')?.includes('text/html');
    if (!isPage) return null;
    const { html, compressed, etag } = await pageFor(new URL(request.url).hostname);
    const headers = { 'cache-control': 'private, no-cache', 'content-type': 'text/html; charset=utf-8', etag };
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
    if (!request.headers.get('accept-encoding')?.includes('gzip')) return new Response(html, { headers });
    return new Response(new Uint8Array(compressed), { headers: { ...headers, 'content-encoding': 'gzip' } });
  };
}

/** Whether a host name always means this machine. */
export function isLoopback(host: string): boolean {
  return ['localhost', '127.0.0.1', '::1', '[::1]'].includes(host);
}

async function render(tabs: Example[]): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  // GraphiQL does not read the headers of the tab that it opens with.
  const headers = tabs[0]?.headers ?? '{}';
  const html = renderGraphiQL({
    title: 'Rapport',
    defaultTabs: tabs,
    headers,
    defaultHeaders: headers,
    defaultEditorToolsVisibility: 'headers',
  });
  const etag = `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`;
  return { html, compressed: await compress(html), etag };
}
