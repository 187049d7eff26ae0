import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHeaders } from './graphql/context.ts';
import { filterTooDeep, isWithinFilter } from './graphql/filter-depth.ts';
import { isDocumentDeeper } from './graphql/nesting.ts';
import { DomainError, type ErrorCode, type ErrorDetails } from './lib/errors.ts';
import { maxJsonLevels, NestedTooDeep, parseJson } from './lib/json.ts';

export type HttpOptions = {
  /** Called for every response, once its headers are known. */
  onAnswer: (answer: { path: string; requestId: string; status: number; ms: number }) => void;
  /** Maximum size of a request body in bytes. */
  maxBodyBytes: number;
  /** Origins whose pages may call from a browser. */
  corsOrigins: string[];
};

type Fetch = (request: Request) => Response | Promise<Response>;

/**
 * Applies the rules for every request: a JSON body of limited size and depth, a request ID, and headers that protect
 * every response from caching, framing, MIME sniffing and pages of other origins. A response may set its own
 * `Cache-Control`.
 */
export function harden(fetch: Fetch, options: HttpOptions): (request: Request) => Promise<Response> {
  const { maxBodyBytes, corsOrigins, onAnswer } = options;
  const answerTo = async (request: Request, id: string): Promise<Response> => {
    try {
      if (request.method === 'OPTIONS') return preflight(request.headers, corsOrigins);
      return await fetch(await checked(request, id, maxBodyBytes));
    } catch (error) {
      if (error instanceof Refusal) return error.response();
      throw error;
    }
  };
  return async (request) => {
    const [id, started] = [requestIdOf(request.headers.get('x-request-id')), performance.now()];
    const answer = await answerTo(request, id);
    const ms = Math.round(performance.now() - started);
    onAnswer({ path: new URL(request.url).pathname, requestId: id, status: answer.status, ms });
    const headers = new Headers(answer.headers);
    const always = answerHeaders(id, request.headers.get('origin'), corsOrigins);
    for (const [name, value] of Object.entries(always))
      if (name !== 'cache-control' || !headers.has(name)) headers.set(name, value);
    if (request.method === 'OPTIONS' && headers.has('access-control-allow-origin'))
      for (const [name, value] of Object.entries(preflightHeaders)) headers.set(name, value);
    return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
  };
}

/** Headers of every JSON response. */
export const jsonHeaders = { 'content-type': 'application/json; charset=utf-8' };

const fixedHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  vary: 'Origin',
};

const pageMethods = ['GET', 'POST'];
const pageHeaders = ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Rapport-Purpose', 'X-Request-Id'];
const preflightHeaders = {
  'access-control-allow-methods': pageMethods.join(', '),
  'access-control-allow-headers': pageHeaders.join(', '),
  'access-control-max-age': '86400',
};

// Browsers read only the headers of a preflight. The text is for the developer who debugs it.
function preflight(headers: Headers, corsOrigins: string[]): Response {
  const refuse = (message: string) => new Refusal(403, message, 'FORBIDDEN');
  const [origin, method] = [headers.get('origin'), headers.get('access-control-request-method')];
  const wanted = (headers.get('access-control-request-headers') ?? '').split(',').map((name) => name.trim());
  const allowed = new Set(['', ...pageHeaders.map((name) => name.toLowerCase())]);
  if (origin !== null && !corsOrigins.includes(origin))
    throw refuse('This origin may not call the API. Add it to RAPPORT_CORS_ORIGINS and restart the server.');
  if (origin !== null && method !== null && !pageMethods.includes(method))
    throw refuse(`Cross-origin requests can only use the methods ${pageMethods.join(' and ')}.`);
  if (origin !== null && !wanted.every((name) => allowed.has(name.toLowerCase())))
    throw refuse(`Cross-origin requests can only have these headers: ${pageHeaders.join(', ')}.`);
  return new Response(null, { status: 204 });
}

/** Headers of every response. Cookies are never allowed: callers authenticate with a key. */
export function answerHeaders(requestId: string, origin: string | null, corsOrigins: string[]): Record<string, string> {
  const always = { ...fixedHeaders, 'x-request-id': requestId };
  if (origin === null || !corsOrigins.includes(origin)) return always;
  return {
    ...always,
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'X-Request-Id, Retry-After',
  };
}

/** Accepts the caller's request ID if it is safe to log, or creates one. */
export function requestIdOf(given: string | string[] | null | undefined): string {
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/** Wraps the headers of a Node request and sets its request ID. */
export function headersOf(headers: IncomingHttpHeaders, requestId: string): RequestHeaders {
  const get = (name: string) => {
    const value = name === 'x-request-id' ? requestId : headers[name];
    return value === undefined ? null : String(value);
  };
  return { get, has: (name) => get(name) !== null };
}

/** Parses the body of a request. Throws a `Refusal` unless it is one JSON object within the limits of depth and digits. */
export function paramsOf(body: string): Record<string, unknown> {
  return jsonObject(body, 'body');
}

/** The rejection of a request before its operation is read. */
export class Refusal extends DomainError {
  readonly status: number;

  constructor(status: number, message: string, code: ErrorCode = 'INVALID_INPUT', details: ErrorDetails = {}) {
    super(code, message, details);
    this.status = status;
  }

  result(): { errors: object[] } {
    const { code, message, details } = this;
    return { errors: [{ message, extensions: { ...details, code } }] };
  }

  response(): Response {
    return new Response(JSON.stringify(this.result()), { status: this.status, headers: jsonHeaders });
  }
}

// The checked request carries its ID.
async function checked(request: Request, id: string, maxBodyBytes: number): Promise<Request> {
  const headers = new Headers(request.headers);
  headers.set('x-request-id', id);
  if (request.method === 'GET') {
    const { searchParams } = new URL(request.url);
    for (const name of ['variables', 'extensions']) jsonObject(searchParams.get(name) || '{}', name);
    checkQuery(searchParams.get('query'));
  }
  const { method, signal } = request;
  // Yoga also reads parameters behind a `#`.
  const [url = ''] = request.url.split('#');
  if (method !== 'POST') return new Request(url, { method, headers, signal });
  const type = request.headers.get('content-type') ?? '';
  const [mediaType = '', ...parameters] = type.split(';').map((part) => part.trim().toLowerCase());
  if (mediaType !== 'application/json') throw new Refusal(415, 'Send the operation as application/json.');
  const charset = parameters.find((part) => part.startsWith('charset='));
  if (charset && !/^charset="?utf-?8"?$/.test(charset)) throw new Refusal(415, 'Send the operation in UTF-8.');
  const body = await bodyOf(request, maxBodyBytes);
  checkQuery(paramsOf(body).query);
  headers.delete('content-length');
  return new Request(url, { method, headers, body, signal });
}

function jsonObject(text: string, name: string): Record<string, unknown> {
  try {
    const value = parseJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    if (error instanceof DomainError) {
      const field = fieldOf(error, name);
      const isFilter = error instanceof NestedTooDeep && isWithinFilter(field);
      const { message, code } = isFilter ? filterTooDeep() : error;
      throw new Refusal(400, message, code, field.length > 0 ? { field } : {});
    }
  }
  throw new Refusal(400, `The ${name} must be a single JSON object.`);
}

// Paths start within a variable, as in every other error.
function fieldOf({ details: { field = [] } }: DomainError, name: string): (string | number)[] {
  if (name === 'variables') return field.slice(1);
  return field[0] === 'variables' ? field.slice(2) : [];
}

/** Throws a `Refusal` if a document is too long or too deep. Documents are cached, so a long one would cost memory for long. */
export function checkQuery(query: unknown): void {
  if (typeof query !== 'string') return;
  const refuse = (most: string) => new Refusal(400, `A document can have at most ${most}.`, 'QUERY_TOO_COMPLEX');
  if (query.length > maxQueryLength) throw refuse(`${maxQueryLength} characters`);
  if (isDocumentDeeper(maxJsonLevels, query)) throw refuse(`${maxJsonLevels} levels of nesting`);
}

// Stops reading at the limit. The announced length may be wrong.
async function bodyOf(request: Request, maxBodyBytes: number): Promise<string> {
  const tooLong = () => new Refusal(413, `The body can have at most ${maxBodyBytes} bytes. Split the request.`);
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLong();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > maxBodyBytes) throw tooLong();
    chunks.push(chunk);
  }
  return textOf(Buffer.concat(chunks));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes the body of a request, without a byte order mark. Throws a `Refusal` if it is not UTF-8. */
export function textOf(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new Refusal(400, 'The request body is not valid UTF-8.');
  }
}

const maxQueryLength = 50_000;
