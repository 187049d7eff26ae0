import type { IncomingHttpHeaders } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { processRegularResult } from 'graphql-yoga';
import { answerHeaders, type HttpOptions, jsonHeaders, paramsOf, Refusal, textOf } from './http.ts';

/** The headers of a request and its parsed body, or why the body is rejected. All handlers share one parse. */
export type PlainRequest = { headers: IncomingHttpHeaders; params: Record<string, unknown> | Refusal };
export type PlainAnswer = { status: number; headers: Record<string, string>; body: Buffer };

/** Parses the body of a request. */
export function plainRequest(headers: IncomingHttpHeaders, body: Buffer): PlainRequest {
  try {
    return { headers, params: paramsOf(textOf(body)) };
  } catch (error) {
    if (error instanceof Refusal) return { headers, params: error };
    throw error;
  }
}

/** ID, origin and start time of a request. */
export type Asked = { requestId: string; origin: string | null; started: number };

/** Takes the place of a web `Response` when Yoga serializes a result, without its streams. */
class Written {
  readonly body: string;
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(body: string, { status, headers }: { status: number; headers: Record<string, string> }) {
    this.body = body;
    this.status = status;
    this.headers = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  }
}

const asWritten = { Response: Written } as never;

export type PlainAnswers = Pick<HttpOptions, 'corsOrigins' | 'onAnswer'>;

/** Answers with the result of an operation. */
export function plainAnswer(result: ExecutionResult, asked: Asked, options: PlainAnswers): PlainAnswer {
  const written = processRegularResult(result as never, asWritten, 'application/json') as unknown as Written;
  return sent(written.status, written.headers, Buffer.from(written.body), asked, options);
}

/** Answers a request whose body is rejected. */
export function plainRefusal(refusal: Refusal, asked: Asked, options: PlainAnswers): PlainAnswer {
  return sent(refusal.status, jsonHeaders, Buffer.from(JSON.stringify(refusal.result())), asked, options);
}

/** Answers with JSON that is already serialized. */
export function plainJson(body: Buffer, asked: Asked, options: PlainAnswers): PlainAnswer {
  return sent(200, jsonHeaders, body, asked, options);
}

function sent(
  status: number,
  headers: Record<string, string>,
  body: Buffer,
  { requestId, origin, started }: Asked,
  { corsOrigins, onAnswer }: PlainAnswers,
): PlainAnswer {
  onAnswer({ path: '/graphql', requestId, status, ms: Math.round(performance.now() - started) });
  return { status, headers: { ...headers, ...answerHeaders(requestId, origin, corsOrigins) }, body };
}
