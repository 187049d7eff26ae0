import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServerAdapter } from '@whatwg-node/server';
import { type PlainAnswer, type PlainRequest, plainRequest } from './plain-answer.ts';

export type Handlers = {
  fetch: (request: Request) => Promise<Response>;
  quick: (request: PlainRequest) => Promise<PlainAnswer | null>;
  direct: (request: PlainRequest) => Promise<PlainAnswer>;
  maxBodyBytes: number;
};

/**
 * The server for `node:http`. `quick` or else `direct` answers an operation sent as JSON; `fetch` answers everything
 * else: GraphiQL, queries by GET, health checks and other kinds of body.
 */
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
    const plain = plainRequest(request.headers, bytes);
    const { status, headers, body } = (await quick(plain)) ?? (await direct(plain));
    response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
  }
}

// Whether a web `Request` can be created for this address.
function isAddressed({ method, url = '', headers: { host } }: IncomingMessage): boolean {
  return method !== 'TRACE' && /^[\w.:[\]-]*$/.test(host ?? '') && URL.canParse(url, `http://${host || 'localhost'}`);
}

// A JSON body of known length whose response may be JSON, as almost every client sends.
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
