import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Answer = { status: number; text: string };
export type Sent = { body?: string | Buffer; headers?: Record<string, string>; method?: string; path?: string };

// The server closes idle connections after five seconds. Closing them earlier here avoids a race.
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 64, timeout: 3_000 });

/** Sends one request. Returns null if no answer arrives within 30 s. */
export function send(port: number, { body = '', headers, method = 'POST', path = '/graphql' }: Sent) {
  const length = { 'content-length': Buffer.byteLength(body) };
  const options = { port, host: '127.0.0.1', method, path, agent, headers: { ...json, ...length, ...headers } };
  return new Promise<Answer | null>((resolve) => {
    const asked = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => resolve(null));
      response.on('end', () => {
        clearTimeout(late);
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
    });
    const late = setTimeout(() => asked.destroy(), 30_000);
    asked.on('error', () => {
      clearTimeout(late);
      resolve(null);
    });
    asked.end(body);
  });
}

const json = { 'content-type': 'application/json' };

export const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

/** Sends a request in pieces over a new connection. Returns the raw answer. */
export async function sendSlowly(port: number, pieces: string[], msBetween: number, breaksOff = false) {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => undefined);
  for (const piece of pieces) {
    socket.write(piece);
    await sleep(msBetween);
  }
  if (breaksOff) socket.destroy();
  const late = setTimeout(() => socket.destroy(), 30_000);
  await closed;
  clearTimeout(late);
  return Buffer.concat(chunks).toString();
}

/** The status and the error code of an answer, or `data` if there is no error. */
export function saidBy(answer: Answer | null): string {
  if (!answer) return 'no answer';
  const { status, text } = answer;
  if (!isJson(text)) return `${status} without JSON`;
  if (!text.includes('"errors":[')) return `${status} data`;
  return `${status} ${/"code":"([A-Z_]+)"/.exec(text)?.[1] ?? 'error without code'}`;
}

/** The JSON text of an answer's `data`. Null if the answer has errors or no data. */
export function dataOf(answer: Answer | null): string | null {
  const text = answer?.text ?? '';
  const end = text.lastIndexOf(',"extensions":{"cost":');
  return text.startsWith('{"data":') && end > 0 && !text.includes('"errors":[') ? text.slice(8, end) : null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
