import { answerIn, withoutTexts } from './answer.ts';
import { Deadline } from './deadline.ts';
import { type Document, headOf, textOf } from './document.ts';
import { RapportError, type RapportErrorCode, type RapportErrorDetails } from './error.ts';
import type { Purpose } from './generated/types.ts';
import type { Fetch, Signal } from './platform.ts';
import { delayBefore, isTemporary, RetryBudget, retryAfterOf } from './retry.ts';
import { Token, type TokenSource } from './token.ts';

export type ClientOptions = {
  /** Address of the API, such as http://127.0.0.1:4000/graphql. */
  url: string;
  /**
   * A key of the workspace, or a function that gives one: it is asked for each request, and once more, with `true`, where
   * the API does not know the key it gave.
   */
  token: TokenSource;
  /** What the data is read for, unless a request says otherwise. */
  purpose?: Purpose | undefined;
  /** How long a request may take in all: every try, the waits in between, and reading the answer. 30,000 unless told. */
  timeoutMs?: number | undefined;
  /** How often a request is sent again, at most. 3 unless told. */
  maxRetries?: number | undefined;
  /** Told of every try: names and numbers, nothing of what was sent or answered. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** Stands in for the platform's `fetch`. */
  fetch?: Fetch | undefined;
};

export type RequestOptions = Pick<ClientOptions, 'purpose' | 'timeoutMs' | 'maxRetries'> & {
  /** Ends the request, which rejects with ABORTED. */
  signal?: Signal | undefined;
  /**
   * Your name for a write: sent again within a day it writes nothing and answers as before. A write has one of its own
   * unless told, so that it is written once however often it is tried.
   */
  idempotencyKey?: string | undefined;
};

/** One try of a request. */
export type Attempt = {
  operation: string;
  requestId: string;
  /** 1 for the first. */
  attempt: number;
  ms: number;
  /** HTTP status. Null: there was no answer. */
  status: number | null;
  /** Null: it succeeded. */
  code: RapportErrorCode | null;
  /** After how long it is tried again. Null: it is not. */
  retryInMs: number | null;
};

export type Client = {
  /** Sends one operation. Rejects with a `RapportError` where it is refused or fails. */
  request<Data, Variables>(
    document: Document<Data, Variables>,
    ...variables: VariablesOf<NoInfer<Variables>>
  ): Promise<Data>;
};

/** Variables may be left out where none is required. */
export type VariablesOf<Variables> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: RequestOptions]
    : [variables: Variables, options?: RequestOptions];

/** A request, as it is sent each time. */
type Call = {
  operation: string;
  requestId: string;
  headers: Record<string, string>;
  body: string;
  variables: unknown;
  deadline: Deadline;
};

/** What came of one try. */
type Tried = { data: unknown } | { error: RapportError; refusedToken: string | null };

export function createClient(client: ClientOptions): Client {
  const send = client.fetch ?? (globalThis.fetch as Fetch);
  const token = new Token(client.token);
  const budget = new RetryBudget();

  async function tryOnce(call: Call, attempts: number, tokenOf: () => Promise<string>): Promise<Tried> {
    const { operation, requestId, variables, deadline } = call;
    let status: number | undefined;
    let key = '';
    const fail = (code: RapportErrorCode, message: string, details: RapportErrorDetails = {}): Tried => ({
      error: new RapportError(code, withoutTexts(message, [variables, key]), {
        ...details,
        status,
        operation,
        requestId,
        attempts,
      }),
      refusedToken: status === 401 ? key : null,
    });
    const ended = (otherwise: RapportErrorCode, message: string): Tried =>
      deadline.why ? fail(deadline.why, 'The request ended before it was answered.') : fail(otherwise, message);
    try {
      key = await deadline.within(tokenOf());
    } catch {
      return ended('UNAUTHENTICATED', 'There is no token to send.');
    }
    try {
      const headers = { ...call.headers, authorization: `Bearer ${key}` };
      const { signal } = deadline;
      const init = { method: 'POST', headers, body: call.body, redirect: 'manual', signal } as const;
      const response = await deadline.within(send(client.url, init));
      status = response.status;
      const answer = answerIn(await deadline.within(response.text()));
      const [error] = answer?.errors ?? [];
      if (answer?.data && !error) return { data: answer.data };
      const retryAfterMs = retryAfterOf(response);
      if (!error) return fail('BAD_RESPONSE', `What answered (HTTP ${status}) is not the API.`, { retryAfterMs });
      const { code = 'INTERNAL', field, conflictingId, currentVersion, retryAfterMs: said } = error.extensions ?? {};
      const details = { field, conflictingId, currentVersion, retryAfterMs: said ?? retryAfterMs };
      return fail(code, String(error.message), details);
    } catch {
      return ended('NETWORK', 'The API was not reached, or broke off.');
    }
  }

  async function request(document: Document<unknown, never>, variables: unknown, options: RequestOptions) {
    const maxRetries = options.maxRetries ?? client.maxRetries ?? 3;
    const call = callOf(document, variables, options, client);
    const { operation, requestId, deadline } = call;
    let [tokenOf, hasRenewed] = [() => token.current(), false];
    try {
      for (let attempt = 1; ; attempt++) {
        const started = performance.now();
        const tried = await tryOnce(call, attempt, tokenOf);
        const ms = Math.round(performance.now() - started);
        const error = 'error' in tried ? tried.error : null;
        let retryInMs: number | null = null;
        if ('data' in tried) budget.earn();
        else if (tried.refusedToken !== null && token.canRenew && !hasRenewed) {
          const refused = tried.refusedToken;
          [tokenOf, hasRenewed, retryInMs] = [() => token.renew(refused), true, 0];
        } else if (isTemporary(tried.error) && attempt <= maxRetries) {
          const delay = delayBefore(attempt, tried.error);
          if (deadline.allows(delay) && budget.spend()) retryInMs = delay;
        }
        const { status = error ? null : 200, code = null } = error ?? {};
        tell(client, { operation, requestId, attempt, ms, status, code, retryInMs });
        if ('data' in tried) return tried.data;
        if (retryInMs === null) throw tried.error;
        await deadline.sleep(retryInMs).catch(() => undefined);
      }
    } finally {
      deadline.release();
    }
  }

  return {
    request: (document, ...[variables, options = {}]) => request(document, variables, options) as never,
  };
}

function callOf(
  document: Document<unknown, never>,
  variables: unknown,
  { idempotencyKey, purpose, signal, timeoutMs }: RequestOptions,
  client: ClientOptions,
): Call {
  const text = textOf(document);
  const { isMutation, name: operation } = headOf(text);
  const requestId = crypto.randomUUID();
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-request-id': requestId,
  };
  const readFor = purpose ?? client.purpose;
  if (readFor) headers['x-rapport-purpose'] = readFor;
  if (isMutation) headers['idempotency-key'] = idempotencyKey ?? crypto.randomUUID();
  const body = JSON.stringify({ query: text, variables });
  const deadline = new Deadline(timeoutMs ?? client.timeoutMs ?? 30_000, signal);
  return { operation, requestId, headers, body, variables, deadline };
}

// Whoever listens cannot break what it listens to.
function tell({ onAttempt }: ClientOptions, attempt: Attempt): void {
  try {
    onAttempt?.(attempt);
  } catch {
    // Theirs to look after.
  }
}
