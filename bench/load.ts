import { connect } from 'node:net';

export type Requests = {
  /** Path that the requests are sent to. Defaults to /graphql. */
  path?: string;
  bodyOf: (n: number) => string;
  headersOf: (n: number) => string;
  connections: number;
  ms: number;
};
export type Load = { requestsPerSecond: number; latencies: number[] };

/**
 * Sends requests over a number of connections for a given time. Each connection sends the next request after the last
 * response.
 */
export async function load(port: number, requests: Requests): Promise<Load> {
  const { path = '/graphql', bodyOf, headersOf, connections, ms } = requests;
  const latencies: number[] = [];
  let sent = 0;
  const started = performance.now();
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let [text, asked] = ['', 0];
      const next = () => {
        if (performance.now() - started > ms) {
          socket.end();
          resolve();
          return;
        }
        const [body, headers] = [bodyOf(sent), headersOf(sent)];
        sent += 1;
        text = '';
        asked = performance.now();
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
      };
      socket.setNoDelay(true).setEncoding('latin1');
      socket.on('connect', next).on('error', reject);
      socket.on('data', (chunk) => {
        text += chunk;
        if (!isWhole(text)) return;
        if (!text.startsWith('HTTP/1.1 200') || /"errors"|"isError":true/.test(text))
          reject(new Error(text.slice(0, 2_000)));
        latencies.push(performance.now() - asked);
        next();
      });
    });
  await Promise.all(Array.from({ length: connections }, one));
  const seconds = (performance.now() - started) / 1_000;
  return { requestsPerSecond: latencies.length / seconds, latencies };
}

// A response with a content length, or in chunks.
function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /content-length: (\d+)/i.exec(text.slice(0, end))?.[1];
  return length === undefined ? text.endsWith('\r\n0\r\n\r\n') : text.length >= end + 4 + Number(length);
}
