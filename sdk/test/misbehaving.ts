import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Seen = { headers: IncomingHttpHeaders; body: string };

/** Answers one request as it pleases. */
export type Behaviour = (response: ServerResponse, seen: Seen, socket: Socket) => void;

/** A server that does with each request in turn what it is told, the last over and over. */
export class MisbehavingServer {
  readonly seen: Seen[] = [];
  #behaviours: Behaviour[] = [];
  readonly #http: Server;

  private constructor(http: Server) {
    this.#http = http;
  }

  static async start(): Promise<MisbehavingServer> {
    const http = createServer();
    const server = new MisbehavingServer(http);
    http.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const seen = { headers: request.headers, body: Buffer.concat(chunks).toString() };
        server.seen.push(seen);
        const [behaviour] = server.#behaviours;
        if (server.#behaviours.length > 1) server.#behaviours.shift();
        behaviour?.(response, seen, request.socket);
      });
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/graphql`;
  }

  /** Does this from now on, and forgets what it has seen. */
  will(...behaviours: Behaviour[]): void {
    this.#behaviours = behaviours;
    this.seen.length = 0;
  }

  stop(): void {
    this.#http.closeAllConnections();
    this.#http.close();
  }
}

type Headers = Record<string, string>;

const json = (status: number, body: unknown, headers: Headers = {}): Behaviour =>
  text(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });

/** This text, whatever it is. */
export function text(status: number, body: string, headers: Headers = {}): Behaviour {
  return (response) => response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
}

/** As the API answers what it is asked. */
export const well = json(200, { data: { workspace: { id: 'workspace_1', slug: 'shop', name: 'Shop' } } });

/** As the API refuses. */
export function refuse(status: number, code: string, extensions: object = {}, headers: Headers = {}): Behaviour {
  return json(status, { errors: [{ message: 'No.', extensions: { code, ...extensions } }] }, headers);
}

/** Takes the request, and says nothing. */
export const silence: Behaviour = () => undefined;

/** Begins an answer, and goes on a byte at a time. */
export const slowBody: Behaviour = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};

/** Ends the connection before it answers. */
export const reset: Behaviour = (_response, _seen, socket) => socket.resetAndDestroy();

/** Ends the connection in the middle of its answer. */
export const brokenOff: Behaviour = (response, _seen, socket) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"data":{"workspace":', () => socket.destroy());
};
