import { type AnswerError, answerIn, withoutTexts } from './answer.ts';
import { deadlineIn } from './deadline.ts';
import { type Document, idIn, nameIn, type Print, textOf } from './document.ts';
import { RapportError, type RapportErrorCode, type RapportErrorDetails } from './error.ts';
import type { Purpose } from './generated/types.ts';
import type { Fetch, Signal } from './platform.ts';
import { delayBefore, isTemporary, retryAfterOf, retryBudget } from './retry.ts';
import { type TokenSource, tokenFrom } from './token.ts';

/** What holds of all requests of a client, unless one of them says otherwise. */
export type CommonOptions = {
  /** What the data is read for. Left out: what the key is for. */
  purpose?: Purpose | undefined;
  /** How long a request may take in all: every try, the waits in between, and reading the answer. 30,000 unless told. */
  timeoutMs?: number | undefined;
  /** How often a request is sent again, at most. 3 unless told. */
  maxRetries?: number | undefined;
};

export type ClientOptions = CommonOptions & {
  /** Address of the API, such as http://127.0.0.1:4000/graphql. */
  url: string;
  /**
   * A key of the workspace, or a function that gives one: it is asked for each request, and once more, with `true`, where
   * the API does not know the key it gave.
   */
  token: TokenSource;
  /** How operations are sent: by their texts, or with `byId()` from `@rapport/sdk/persisted` by their ids. */
  documents?: DocumentSource | undefined;
  /** Writes documents that are trees without their text, as gql.tada makes them: `print` of graphql or @0no-co/graphql.web. */
  print?: Print | undefined;
  /** Told of every try: names and numbers, nothing of what was sent or answered. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** Stands in for the platform's `fetch`. */
  fetch?: Fetch | undefined;
};

export type RequestOptions = CommonOptions & {
  /** Ends the request, which rejects with ABORTED. */
  signal?: Signal | undefined;
  /**
   * Your name for a write: sent again within a day it writes nothing and answers as before. A write has one of its own
   * unless told, so that it is written once however often it is tried.
   */
  idempotencyKey?: string | undefined;
};

/** How an operation is sent, by its text; `isUnknown`, where the API did not know it as it was sent before. */
export type DocumentSource = (text: string, isUnknown: boolean) => Promise<SentDocument>;
export type SentDocument = { documentId: string } | { query: string };

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
export type VariablesOf<Variables> = { [name: string]: never } extends Variables
  ? [variables?: Variables, options?: RequestOptions]
  : [variables: Variables, options?: RequestOptions];

export function createClient(client: ClientOptions): Client {
  const send = client.fetch ?? (globalThis.fetch as Fetch);
  const tokenUnlike = tokenFrom(client.token);
  const budget = retryBudget();

  async function request(document: Document<unknown, never>, variables: unknown, options: RequestOptions) {
    const { purpose = client.purpose, timeoutMs = client.timeoutMs ?? 30_000, signal: callers } = options;
    const { maxRetries = client.maxRetries ?? 3, idempotencyKey = crypto.randomUUID() } = options;
    const text = textOf(document, client.print);
    const [operation, requestId] = [nameIn(text), crypto.randomUUID()];
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'x-request-id': requestId,
      // Of no use to a query, and no harm. Whether a text is one is not guessed: a write must not be missed.
      'idempotency-key': idempotencyKey,
      ...(purpose && { 'x-rapport-purpose': purpose }),
    };
    const deadline = deadlineIn(timeoutMs, callers);
    const { signal } = deadline;
    let attempts = 0;
    // The token that was sent last, and one that was refused.
    let key = '';
    let refused: string | null = null;
    // Whether the API said that it does not know the document.
    let isUnknown = false;

    // The data, or why there is none.
    async function tryOnce(): Promise<unknown> {
      let status: number | undefined;
      const fail = (code: RapportErrorCode, message: string, details: RapportErrorDetails = {}) =>
        new RapportError(code, withoutTexts(message, [variables, key]), {
          ...details,
          status,
          operation,
          requestId,
          attempts,
        });
      try {
        key = await deadline.within(tokenUnlike(refused));
      } catch {
        return fail(deadline.why ?? 'UNAUTHENTICATED', 'There is no token.');
      }
      try {
        const documentId = idIn(text);
        const sent = documentId
          ? { documentId }
          : ((await deadline.within(client.documents?.(text, isUnknown))) ?? { query: text });
        headers.authorization = `Bearer ${key}`;
        const body = JSON.stringify({ ...sent, variables });
        const init = { method: 'POST', headers, body, redirect: 'manual', signal } as const;
        const response = await deadline.within(send(client.url, init));
        status = response.status;
        const { data, errors } = answerIn(await deadline.within(response.text()));
        const error: AnswerError | undefined = Array.isArray(errors) ? errors[0] : undefined;
        if (data && !error) return data;
        const { message, extensions } = error ?? {
          message: `What answered (HTTP ${status}) is not the API.`,
          extensions: { code: 'BAD_RESPONSE' },
        };
        const { code = 'INTERNAL', field, conflictingId, currentVersion } = extensions ?? {};
        const retryAfterMs = extensions?.retryAfterMs ?? retryAfterOf(response);
        return fail(code, String(message), { field, conflictingId, currentVersion, retryAfterMs });
      } catch (error) {
        // No more than a code or a name: what a platform says of it may quote the headers.
        const { name, cause } = Object(error) as { name?: string; cause?: { code?: string } };
        return fail(deadline.why ?? 'NETWORK', `There is no answer (${cause?.code ?? name}).`);
      }
    }

    // After how long it is sent again; null where it is not.
    function delayAfter(error: RapportError): number | null {
      if (error.status === 401 && typeof client.token === 'function' && refused === null) {
        refused = key;
        return 0;
      }
      if (error.code === 'DOCUMENT_NOT_FOUND' && !isUnknown) {
        isUnknown = true;
        return 0;
      }
      if (!isTemporary(error) || attempts > maxRetries) return null;
      const delay = delayBefore(attempts, error);
      return deadline.allows(delay) && budget.spend() ? delay : null;
    }

    try {
      for (;;) {
        attempts += 1;
        const started = performance.now();
        const answer = await tryOnce();
        const ms = Math.round(performance.now() - started);
        const error = answer instanceof RapportError ? answer : null;
        const retryInMs = error && delayAfter(error);
        const { status = error ? null : 200, code = null } = error ?? {};
        try {
          client.onAttempt?.({ operation, requestId, attempt: attempts, ms, status, code, retryInMs });
        } catch {
          // Whoever listens cannot break what it listens to.
        }
        if (!error) {
          budget.earn();
          return answer;
        }
        if (retryInMs === null) throw error;
        await deadline.within(new Promise((resolve) => setTimeout(resolve, retryInMs))).catch(() => {
          throw Object.assign(error, { code: deadline.why });
        });
      }
    } finally {
      deadline.release();
    }
  }

  return {
    request: (document, ...[variables, options = {}]) => request(document, variables, options) as never,
  };
}
