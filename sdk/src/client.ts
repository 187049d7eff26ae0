import { answerIn, type Cost, partOf } from './answer.ts';
import { deadlineIn } from './deadline.ts';
import { type Document, idIn, nameIn, type Print, textOf } from './document.ts';
import { RapportError, type RapportErrorCode, type RapportErrorPart } from './error.ts';
import type { Purpose } from './generated/types.ts';
import type { Fetch, Signal } from './platform.ts';
import { delayBefore, isTemporary, retryAfterOf, retryBudget } from './retry.ts';
import { checkHeader, checkUrl, jsonOf } from './sendable.ts';
import { type TokenSource, tokenFrom } from './token.ts';

/** What holds of all requests of a client, unless one of them says otherwise. */
export type CommonOptions = {
  /** What the data is read for. Left out: what the key is for. */
  purpose?: Purpose | undefined;
  /** How long a request may take in all: every try, the waits in between, and reading the answer. 30,000 unless told. */
  timeoutMs?: number | undefined;
  /** How often a request is sent again, at most. 3 unless told. */
  maxRetries?: number | undefined;
  /**
   * Called after every try, with names and numbers: nothing of what was sent or answered. A request calls its own and its
   * client's.
   */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
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
  /** Stands in for the platform's `fetch`. */
  fetch?: Fetch | undefined;
};

export type RequestOptions = CommonOptions & {
  /** Ends the request, which rejects with ABORTED. */
  signal?: Signal | undefined;
  /**
   * Your name for a write, 1 to 255 Latin-1 characters: sent again within a day it writes nothing and answers as before. A
   * write has one of its own unless told, so that it is written once however often it is tried.
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
  /** What it cost, and what the key has left. Null if the answer does not say. */
  cost: Cost | null;
};

export type Client = {
  /**
   * Sends one operation. Rejects with a `RapportError` if any part of it fails: `data` of the error holds the parts that
   * succeeded, `errors` says why each of the others is null.
   */
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
  const [spend, earn] = retryBudget();

  async function request(document: Document<unknown, never>, variables: unknown, options: RequestOptions) {
    const { purpose = client.purpose, timeoutMs = client.timeoutMs ?? 30_000, signal: callers } = options;
    const { maxRetries = client.maxRetries ?? 3 } = options;
    const requestId = crypto.randomUUID();
    const idempotencyKey = options.idempotencyKey ?? crypto.randomUUID();
    const [signal, within, allows, release] = deadlineIn(timeoutMs, callers);
    let [text, operation, attempts] = ['', 'anonymous', 0];
    // The token that was sent last, and one that was refused.
    let key = '';
    let refused: string | null = null;
    // Whether the API said that it does not know the document.
    let isUnknown = false;
    let cost: Cost | null = null;

    // The data, or why there is none.
    async function tryOnce(): Promise<unknown> {
      let status: number | undefined;
      // What it means if the next step fails.
      let [code, message]: [RapportErrorCode, string] = [
        'INVALID_INPUT',
        'The document must be an operation: text, or a tree with the `print` option',
      ];
      cost = null;
      try {
        text = textOf(document, client.print);
        operation = nameIn(text);
        message = 'JSON cannot hold a variable exactly: send text, lists and plain objects without cycles';
        const json = jsonOf(variables);
        message = '`url` must be an address such as https://example.com/graphql, without a password';
        checkUrl(client.url);
        message = '`timeoutMs` must be above 0, `maxRetries` at least 0, and `signal` an AbortSignal';
        if (!(timeoutMs > 0 && maxRetries >= 0 && (!callers || 'aborted' in callers))) throw TypeError();
        message = 'The request was not sent';
        signal.throwIfAborted();
        [code, message] = ['UNAUTHENTICATED', '`token` gave no key'];
        key = await within(tokenUnlike(refused));
        [code, message] = [
          'INVALID_INPUT',
          '`token`, `purpose` and `idempotencyKey` must be Latin-1 text without line breaks',
        ];
        for (const each of [key, purpose, idempotencyKey]) checkHeader(each ?? '');
        message = '`documents` failed';
        const documentId = idIn(text);
        const sent = documentId
          ? { documentId }
          : ((await within(client.documents?.(text, isUnknown))) ?? { query: text });
        const body = `${JSON.stringify(sent).slice(0, -1)},"variables":${json}}`;
        const headers = {
          'content-type': 'application/json',
          authorization: `Bearer ${key}`,
          'x-request-id': requestId,
          // Of no use to a query, and no harm. Whether a text is one is not guessed: a write must not be missed.
          'idempotency-key': idempotencyKey,
          ...(purpose && { 'x-rapport-purpose': purpose }),
        };
        [code, message] = ['NETWORK', 'There is no answer'];
        const response = await within(send(client.url, { method: 'POST', headers, body, redirect: 'manual', signal }));
        status = response.status;
        const { data, errors, extensions } = answerIn(await within(response.text()));
        cost = extensions?.cost ?? null;
        const parts = (Array.isArray(errors) ? errors : []).map((each) => partOf(each, json, key));
        if (data && !parts[0]) return data;
        const first: RapportErrorPart = parts[0] ?? {
          code: 'BAD_RESPONSE',
          message: `What answered (HTTP ${status}) is not the API.`,
        };
        const retryAfterMs = first.retryAfterMs ?? retryAfterOf(response);
        return new RapportError(first.code, first.message, { ...first, retryAfterMs, status, data, errors: parts });
      } catch (error) {
        // No more than a code or a name: what a platform says of it may quote the headers.
        const { name, cause, field } = Object(error) as { name?: string; cause?: { code?: string }; field?: [] };
        const why = `${message} (${cause?.code ?? name ?? signal.reason}).`;
        return new RapportError(signal.reason ?? code, why, { status, ...(code === 'INVALID_INPUT' && { field }) });
      }
    }

    // After how long it is sent again; null where it is not.
    function delayAfter(error: RapportError): number | null {
      // What was written is answered once: some of it, such as the secret of a key, never again.
      if (/\bmutation\b/.test(text) && Object.values(Object(error.data)).some((each) => each !== null)) return null;
      if (error.status === 401 && typeof client.token === 'function' && refused === null) {
        refused = key;
        return 0;
      }
      if (error.code === 'DOCUMENT_NOT_FOUND' && !isUnknown) {
        isUnknown = true;
        return 0;
      }
      const temporary = [error, ...error.errors].find(isTemporary);
      if (!temporary || attempts > maxRetries) return null;
      const delay = delayBefore(attempts, temporary);
      return allows(delay) && spend() ? delay : null;
    }

    try {
      for (;;) {
        attempts += 1;
        const started = performance.now();
        const answer = await tryOnce();
        const ms = Math.round(performance.now() - started);
        const error = answer instanceof RapportError ? Object.assign(answer, { operation, requestId, attempts }) : null;
        const retryInMs = error && delayAfter(error);
        const { status = error ? null : 200, code = null } = error ?? {};
        for (const { onAttempt } of [client, options]) {
          try {
            onAttempt?.({ operation, requestId, attempt: attempts, ms, status, code, retryInMs, cost });
          } catch {
            // Whoever listens cannot break what it listens to.
          }
        }
        if (!error) {
          earn();
          return answer;
        }
        if (retryInMs === null) throw error;
        await within(new Promise((resolve) => setTimeout(resolve, retryInMs))).catch(() => {
          throw Object.assign(error, { code: signal.reason });
        });
      }
    } finally {
      release();
    }
  }

  return {
    request: (document, ...[variables, options]) =>
      request(document, variables ?? {}, options ?? {}).catch((error) => {
        throw error instanceof RapportError
          ? error
          : new RapportError('INVALID_INPUT', `The request cannot be made (${Object(error).name}).`);
      }) as never,
  };
}
