import {
  type Behaviour,
  brokenOff,
  MisbehavingServer,
  refuse,
  reset,
  silence,
  slowBody,
  text,
  well,
} from '../../sdk/test/misbehaving.ts';

export const email = 'seeded.person@example.com';
export const token = 'seeded-token';

/** One request of a client, with `token`, and with `renew()` if the client asks for a new token. */
export type ClientCall = (url: string, renew: () => string) => Promise<unknown>;

const inTwoSeconds = () => new Date(Date.now() + 2_000).toUTCString();
const page = text(503, '<html>The service is away.</html>');
const knows =
  (known: string): Behaviour =>
  (response, seen, socket) =>
    (seen.headers.authorization === `Bearer ${known}` ? well : refuse(401, 'UNAUTHENTICATED'))(response, seen, socket);

/** Behaviors of a server, and whether a client can still get a response. */
export const faults: Record<string, { does: () => Behaviour[]; isBearable: boolean }> = {
  'no response': { does: () => [silence], isBearable: false },
  'slow body': { does: () => [slowBody], isBearable: false },
  'reset once': { does: () => [reset, well], isBearable: true },
  'truncated once': { does: () => [brokenOff, well], isBearable: true },
  'redirect elsewhere': { does: () => [text(302, '', { location: 'http://127.0.0.1:9/' })], isBearable: false },
  'bad JSON': { does: () => [text(200, '{"data":', { 'content-type': 'application/json' })], isBearable: false },
  'HTML error page': { does: () => [text(500, '<html>No.</html>')], isBearable: false },
  '429, seconds': { does: () => [refuse(429, 'RATE_LIMITED', {}, { 'retry-after': '0' }), well], isBearable: true },
  '429, date of a skewed clock': {
    does: () => [
      refuse(
        429,
        'RATE_LIMITED',
        {},
        { 'retry-after': 'Thu, 01 Jan 2037 00:00:00 GMT', date: 'Thu, 01 Jan 2037 00:00:00 GMT' },
      ),
      well,
    ],
    isBearable: true,
  },
  'rate limit by code alone': {
    does: () => [refuse(200, 'RATE_LIMITED', { retryAfterMs: 1 }), well],
    isBearable: true,
  },
  '429, too long to wait': {
    does: () => [refuse(429, 'RATE_LIMITED', {}, { 'retry-after': inTwoSeconds() })],
    isBearable: false,
  },
  '401 once': { does: () => [knows('renewed')], isBearable: true },
  '401 always': { does: () => [refuse(401, 'UNAUTHENTICATED')], isBearable: false },
  '503 twice': { does: () => [page, page, well], isBearable: true },
};

/**
 * Returns the outcome of a request with a fault. It passes if it returns a response where one is possible, and
 * otherwise fails in time without revealing input.
 */
export async function outcomeOf(
  ask: ClientCall,
  fault: keyof typeof faults,
): Promise<{ isPassed: boolean; said: string }> {
  const { does, isBearable } = faults[fault] as (typeof faults)[string];
  const server = await MisbehavingServer.start();
  server.will(...does());
  const started = performance.now();
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, 2_500, 'late'));
  const came = await Promise.race([
    ask(server.url, () => 'renewed').then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    ),
    late,
  ]);
  const [ms, requests] = [Math.round(performance.now() - started), server.seen.length];
  server.stop();
  if (came === 'late') return { isPassed: false, said: 'still waiting after 2.5 s' };
  if ('answer' in came) {
    // A client that passes on an empty result has not responded.
    const isAnswer = JSON.stringify(came.answer)?.includes('shop') ?? false;
    return { isPassed: isBearable && isAnswer, said: isAnswer ? `response, ${requests} sent` : 'no data and no error' };
  }
  const told = messageOf(came.error).toLowerCase();
  const leaks = [email, token].filter((secret) => told.includes(secret));
  const said = `error after ${ms} ms, ${requests} sent${leaks.length > 0 ? ', reveals the input' : ''}`;
  return { isPassed: !isBearable && leaks.length === 0, said };
}

// Returns everything that an error reveals when it is logged.
function messageOf(error: unknown): string {
  return `${error instanceof Error ? `${error.message} ${error.stack}` : ''} ${JSON.stringify(error)}`;
}
