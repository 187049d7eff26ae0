import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServerAdapter, sendNodeResponse } from '@whatwg-node/server';
import { jsonBody } from './request-body.ts';
import { nodeHeaders, requestIdOf } from './request-headers.ts';
import { responseHeaders } from './response-headers.ts';
import type { TransportOptions } from './transport-options.ts';

export type NodeTransportOptions = TransportOptions & { fetch: (request: Request) => Promise<Response> };

/**
 * Serves the API for `node:http`. An operation that is sent as JSON of a known length reaches the engine without web
 * requests, responses and streams, which would double its cost. `fetch` answers everything else.
 */
export function nodeTransport({ fetch, engine, ...options }: NodeTransportOptions): RequestListener {
  // This is the value that the adapter would find by reading `globalThis.Request`, which loads Node's own fetch.
  const adapter = createServerAdapter(fetch, { __useCustomAbortCtrl: true });
  return (request, response) => {
    if (!isAddressed(request)) {
      response.writeHead(400).end();
      return;
    }
    if (!isPlain(request, options.maxBodyBytes)) {
      answerByFetch(request, response).catch(() => response.destroy());
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, Buffer.concat(chunks), response).catch(() => response.destroy()));
  };

  async function answer(request: IncomingMessage, bytes: Buffer, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const headers = nodeHeaders(request.headers);
    const requestId = requestIdOf(headers);
    const readParameters = () => jsonBody(bytes);
    const {
      status,
      headers: own,
      body,
    } = await engine.answer({
      requestId,
      headers,
      isReadOnly: false,
      readParameters,
    });
    options.onAnswer({ path: '/graphql', requestId, status, ms: Math.round(performance.now() - started) });
    const always = responseHeaders(requestId, headers.get('origin'), options.corsOrigins);
    response.writeHead(status, { ...own, ...always, 'content-length': body.length }).end(body);
  }

  async function answerByFetch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answered = await adapter.handleNodeRequestAndResponse(request, response);
    if (answered.headers.get('content-type') === 'text/event-stream')
      return sendNodeResponse(answered, response, request, false);
    // The whole body leaves with the headers in one system call, and Node derives its length.
    const body = Buffer.from(await answered.arrayBuffer());
    response.statusCode = answered.status;
    response.setHeaders(answered.headers).end(body);
  }
}

// Whether a web `Request` can be created for this address.
function isAddressed({ method, url = '', headers: { host } }: IncomingMessage): boolean {
  return method !== 'TRACE' && /^[\w.:[\]-]*$/.test(host ?? '') && URL.canParse(url, `http://${host || 'localhost'}`);
}

// A JSON body of known length, as almost every client sends.
function isPlain({ method, url, headers }: IncomingMessage, maxBodyBytes: number): boolean {
  const length = Number(headers['content-length'] ?? Number.NaN);
  return (
    method === 'POST' &&
    url === '/graphql' &&
    length <= maxBodyBytes &&
    /^application\/json(; ?charset=utf-8)?$/i.test(headers['content-type'] ?? '') &&
    headers['content-encoding'] === undefined
  );
}
