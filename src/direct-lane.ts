import type { ExecutionResult, GraphQLError } from 'graphql';
import type { YogaServerInstance } from 'graphql-yoga';
import type { Context } from './graphql/context.ts';
import { isRefusal } from './graphql/errors.ts';
import { headersOf, paramsOf, requestIdOf } from './http.ts';
import { type PlainAnswer, type PlainAnswers, type PlainRequest, plainAnswer } from './plain-answer.ts';

export type DirectOptions = PlainAnswers & {
  yoga: YogaServerInstance<object, Context>;
  mask: (error: unknown, requestId: string) => GraphQLError;
};

/**
 * Answers an operation by all that Yoga does with one, and spares the requests, answers and streams of the web around
 * it, which cost as much again. Null where the request itself is to be refused: it goes the usual way then.
 */
export function directLane({ yoga, mask, ...options }: DirectOptions) {
  return async ({ headers, body }: PlainRequest): Promise<PlainAnswer | null> => {
    const [started, requestId] = [performance.now(), requestIdOf(headers['x-request-id'])];
    const request = { method: 'POST', url: '/graphql', headers: headersOf(headers, requestId) };
    const result = await resultOf(request as never, body, requestId);
    const origin = request.headers.get('origin');
    return result && plainAnswer(result, { requestId, origin, started }, options);
  };

  // Yoga throws what is wrong with a request before it runs anything of it, and nothing after.
  async function resultOf(request: Request, body: string, requestId: string): Promise<ExecutionResult | null> {
    try {
      return (await yoga.getResultForParams({ params: paramsOf(body), request }, {})) as ExecutionResult;
    } catch (error) {
      return isRefusal(error) ? null : { errors: [mask(error, requestId)] };
    }
  }
}
