import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Seen = { headers: IncomingHttpHeaders; body: string };

/** Responds to one request in any way. */
export type Behaviour = (response: ServerResponse, seen: Seen, socket: Socket) => void;

/** A server that runs one behavior per request, in order, and repeats the last one. */
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

  /** Sets the behaviors and clears the recorded requests. */
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

/** Responds with this text. */
export function text(status: number, body: string, headers: Headers = {}): Behaviour {
  return (response) => response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
}

/** Responds like the API on success. */
export const well = json(200, { data: { workspace: { id: 'workspace_1', slug: 'shop', name: 'Shop' } } });

/** Responds like the API on an error. */
export function refuse(status: number, code: string, extensions: object = {}, headers: Headers = {}): Behaviour {
  return json(status, { errors: [{ message: 'No.', extensions: { code, ...extensions } }] }, headers);
}

/** Accepts the request and never responds. */
export const silence: Behaviour = () => undefined;

/** Starts a response and continues byte by byte. */
export const slowBody: Behaviour = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};

/** Resets the connection before responding. */
export const reset: Behaviour = (_response, _seen, socket) => socket.resetAndDestroy();

/** Closes the connection in the middle of the response. */
export const brokenOff: Behaviour = (response, _seen, socket) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"data":{"workspace":', () => socket.destroy());
};
