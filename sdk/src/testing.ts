import { type Document, nameIn } from './document.ts';
import { RapportError } from './error.ts';
import { nameOf } from './generated/names.ts';
import type { Fetch } from './platform.ts';

type Operations = typeof import('./generated/operations.ts');

/** Returns the result of an operation of the package. */
type Answering<Operation> =
  Operation extends Document<infer Data, infer Variables> ? (variables: Variables) => Data | Promise<Data> : never;

/**
 * Results by operation name. A function that throws a `RapportError` makes the operation fail like the API, with that
 * code, status and details. Operations that are missing here fail with `INTERNAL`.
 */
export type Answers = { [Name in keyof Operations]?: Answering<Operations[Name]> };

/**
 * Results for your own operations. A field with a `RapportError` as its value becomes null with that error, like one
 * failed mutation among several.
 */
export type OwnAnswers = Record<string, (variables: never) => unknown>;

/** One operation that was requested. */
export type Call = {
  [Name in keyof Operations]: { operation: Name; variables: VariablesOf<Operations[Name]> };
}[keyof Operations];
type VariablesOf<Operation> = Operation extends Document<unknown, infer Variables> ? Variables : never;

/** The parts of a platform's request that are used. */
export type MockRequest = { text(): Promise<string>; headers: { get(name: string): string | null } };

export type MockServer<Response> = {
  /** Responds to one request of the platform, in a route, a service worker, or a replacement for `fetch`. */
  handle(request: MockRequest): Promise<Response>;
  /** For the `fetch` option of a client. Sends nothing. */
  fetch: Fetch;
  /** Operations that were requested, in order. */
  calls: Call[];
};

type PlatformResponse = typeof globalThis extends { Response: { prototype: infer Instance } } ? Instance : unknown;

/**
 * Creates a mock server for tests. It answers the package's operations with your results, which are type-checked, and
 * your own operations by name.
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
      if (!answering) throw new RapportError('INTERNAL', `The mock server has no result for ${name}.`);
      return { status: 200, requestId, body: bodyOf(await answering(variables as never)) };
    } catch (error) {
      const refusal =
        error instanceof RapportError
          ? error
          : new RapportError('INTERNAL', `The mock result of ${name} threw: ${error}`);
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

// Fields with an error become null, each with its error, as in the API's response to several mutations.
function bodyOf(data: unknown): object {
  const fields = Object.entries(Object(data) as object);
  const errors = fields.flatMap(([name, value]) => (value instanceof RapportError ? [errorOf(value, [name])] : []));
  if (errors.length === 0) return { data };
  const rest = fields.map(([name, value]) => [name, value instanceof RapportError ? null : value]);
  return { data: Object.fromEntries(rest), errors };
}

function errorOf(error: RapportError, path = error.path): object {
  const { message, code, field, conflictingId, currentVersion, missingScopes, retryAfterMs, refusal, nextAllowedAt } =
    error;
  const details = { field, conflictingId, currentVersion, missingScopes, retryAfterMs, refusal, nextAllowedAt };
  return { message, path, extensions: { code, ...details } };
}
