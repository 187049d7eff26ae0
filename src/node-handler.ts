import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServerAdapter } from '@whatwg-node/server';
import type { PlainAnswer, PlainRequest } from './plain-answer.ts';

export type Handlers = {
  fetch: (request: Request) => Promise<Response>;
  quick: (request: PlainRequest) => Promise<PlainAnswer | null>;
  direct: (request: PlainRequest) => Promise<PlainAnswer | null>;
  maxBodyBytes: number;
};

/** The server for `node:http`: what can be answered quickly is, then what can be directly; the rest passes through `fetch`. */
export function nodeHandler({ fetch, quick, direct, maxBodyBytes }: Handlers): RequestListener {
  const adapter = createServerAdapter(fetch);
  return (request, response) => {
    if (!isAddressed(request)) {
      response.writeHead(400).end();
      return;
    }
    if (!isPlain(request, maxBodyBytes)) {
      adapter(request, response);
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, Buffer.concat(chunks), response).catch(() => response.destroy()));
  };

  async function answer(request: IncomingMessage, bytes: Buffer, response: ServerResponse): Promise<void> {
    // What is no UTF-8 is refused the usual way.
    const plain = isUtf8(bytes) && { headers: request.headers, body: bytes.toString() };
    const answered = plain && ((await quick(plain)) ?? (await direct(plain)));
    if (answered) {
      const { status, headers, body } = answered;
      response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
      return;
    }
    const headers = new Headers(request.headers as Record<string, string>);
    const url = `http://${request.headers.host || 'localhost'}/graphql`;
    const said = await fetch(new Request(url, { method: 'POST', headers, body: new Uint8Array(bytes) }));
    const written = Buffer.from(await said.arrayBuffer());
    response.writeHead(said.status, { ...Object.fromEntries(said.headers), 'content-length': written.length });
    response.end(written);
  }
}

// What a request of the web can be made of.
function isAddressed({ method, url = '', headers: { host } }: IncomingMessage): boolean {
  return method !== 'TRACE' && /^[\w.:[\]-]*$/.test(host ?? '') && URL.canParse(url, `http://${host || 'localhost'}`);
}

// One JSON text of a known length, for one JSON text: what almost every client sends.
function isPlain({ method, url, headers }: IncomingMessage, maxBodyBytes: number): boolean {
  const length = Number(headers['content-length'] ?? Number.NaN);
  return (
    method === 'POST' &&
    url === '/graphql' &&
    length <= maxBodyBytes &&
    /^application\/json(; ?charset=utf-8)?$/i.test(headers['content-type'] ?? '') &&
    ['*/*', 'application/json'].includes(headers.accept ?? '*/*') &&
    headers['content-encoding'] === undefined
  );
}
