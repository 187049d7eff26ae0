import { processRegularResult, type YogaServerInstance } from 'graphql-yoga';
import type { PlainAnswer, PlainRequest } from './fast-lane.ts';
import type { Context } from './graphql/context.ts';
import { answerHeaders, type HttpOptions, headersOf, paramsOf, requestIdOf } from './http.ts';

export type DirectOptions = Pick<HttpOptions, 'corsOrigins' | 'onAnswer'> & {
  yoga: YogaServerInstance<object, Context>;
};

/** What Yoga makes of a result, without the streams of a web response. */
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

/**
 * Answers an operation by all that Yoga does with one, and spares the requests, answers and streams of the web around
 * it, which cost as much again. Null where the request itself is to be refused: it goes the usual way then.
 */
export function directLane({ yoga, corsOrigins, onAnswer }: DirectOptions) {
  return async ({ headers, body }: PlainRequest): Promise<PlainAnswer | null> => {
    const [started, requestId] = [performance.now(), requestIdOf(headers['x-request-id'])];
    const request = { method: 'POST', url: '/graphql', headers: headersOf(headers, requestId) };
    const result = await resultOf(request as never, body);
    if (!result) return null;
    const written = processRegularResult(result as never, asWritten, 'application/json') as unknown as Written;
    const { status } = written;
    onAnswer({ path: '/graphql', requestId, status, ms: Math.round(performance.now() - started) });
    const always = answerHeaders(requestId, request.headers.get('origin'), corsOrigins);
    return { status, headers: { ...written.headers, ...always }, body: Buffer.from(written.body) };
  };

  // Yoga throws what is wrong with a request before it runs anything of it, and nothing after.
  async function resultOf(request: Request, body: string) {
    try {
      return await yoga.getResultForParams({ params: paramsOf(body), request }, {});
    } catch {
      return null;
    }
  }
}
