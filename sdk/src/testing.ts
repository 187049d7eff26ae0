import { type Document, nameIn } from './document.ts';
import { RapportError } from './error.ts';
import { nameOf } from './generated/names.ts';
import type { Fetch } from './platform.ts';

type Operations = typeof import('./generated/operations.ts');

/** What an operation of the package answers and takes. */
type Answering<Operation> =
  Operation extends Document<infer Data, infer Variables> ? (variables: Variables) => Data | Promise<Data> : never;

/**
 * What each operation answers, by its name. One that throws a `RapportError` refuses as the API does, with its code,
 * status and details; one that is not here is refused with INTERNAL, and named.
 */
export type Answers = { [Name in keyof Operations]?: Answering<Operations[Name]> };

/**
 * The same for operations of your own. A field that holds a `RapportError` is null and has that error, as one of several
 * mutations that fails.
 */
export type OwnAnswers = Record<string, (variables: never) => unknown>;

/** One operation as it was asked. */
export type Call = {
  [Name in keyof Operations]: { operation: Name; variables: VariablesOf<Operations[Name]> };
}[keyof Operations];
type VariablesOf<Operation> = Operation extends Document<unknown, infer Variables> ? Variables : never;

/** A platform's request and answer, as far as they are used. */
export type MockRequest = { text(): Promise<string>; headers: { get(name: string): string | null } };

export type MockServer<Response> = {
  /** Answers one request of the platform: for a route, a service worker, or in place of `fetch`. */
  handle(request: MockRequest): Promise<Response>;
  /** For the `fetch` of a client: nothing is sent. */
  fetch: Fetch;
  /** What was asked, in its order. */
  calls: Call[];
};

type PlatformResponse = typeof globalThis extends { Response: { prototype: infer Instance } } ? Instance : unknown;

/**
 * A server for tests: it answers operations of this package with what you say, typed as the API types it, and your own by
 * their names as you say.
 */
export function createMockServer(answers: Answers, own: OwnAnswers = {}): MockServer<PlatformResponse> {
  const calls: Call[] = [];
  const all = { ...own, ...answers } as Record<string, ((variables: never) => unknown) | undefined>;

  async function answer(body: string, requestId: string | null) {
    const { query, documentId, variables = {} } = JSON.parse(body);
    const name: string = query ? nameIn(query) : (nameOf[documentId] ?? documentId);
    calls.push({ operation: name, variables } as Call);
    const answering = all[name];
    try {
      if (!answering) throw new RapportError('INTERNAL', `The mock server was not told what ${name} answers.`);
      return { status: 200, requestId, body: bodyOf(await answering(variables as never)) };
    } catch (error) {
      const refusal =
        error instanceof RapportError
          ? error
          : new RapportError('INTERNAL', `What is to answer ${name} threw: ${error}`);
      return { status: refusal.status ?? 200, requestId, body: { errors: [errorOf(refusal)] } };
    }
  }

  const handle = async (request: MockRequest) => {
    const { status, requestId, body } = await answer(await request.text(), request.headers.get('x-request-id'));
    const headers = { 'content-type': 'application/json', ...(requestId && { 'x-request-id': requestId }) };
    return new Response(JSON.stringify(body), { status, headers }) as PlatformResponse;
  };
  const fetch: Fetch = async (_url, init) => {
    const headers = { get: (name: string) => init.headers[name] ?? null };
    return (await handle({ text: async () => init.body, headers })) as never;
  };
  return { handle, fetch, calls };
}

// Fields that are errors are null, each beside its error, as in an answer of the API to several mutations.
function bodyOf(data: unknown): object {
  const fields = Object.entries(Object(data) as object);
  const errors = fields.flatMap(([name, value]) => (value instanceof RapportError ? [errorOf(value, [name])] : []));
  if (errors.length === 0) return { data };
  const rest = fields.map(([name, value]) => [name, value instanceof RapportError ? null : value]);
  return { data: Object.fromEntries(rest), errors };
}

function errorOf(error: RapportError, path = error.path): object {
  const { message, code, field, conflictingId, currentVersion, retryAfterMs } = error;
  return { message, path, extensions: { code, field, conflictingId, currentVersion, retryAfterMs } };
}
