import { answerIn, type Cost, partOf } from './answer.ts';
import { deadlineIn } from './deadline.ts';
import { type Document, idIn, nameIn, type Print, textOf } from './document.ts';
import { RapportError, type RapportErrorCode, type RapportErrorPart } from './error.ts';
import type { Purpose } from './generated/types.ts';
import type { Fetch, Signal } from './platform.ts';
import { delayBefore, isTemporary, retryAfterOf, retryBudget } from './retry.ts';
import { checkHeader, checkUrl, jsonOf } from './sendable.ts';
import { type TokenSource, tokenFrom } from './token.ts';

/** Options for all requests of a client. Each request can override them. */
export type CommonOptions = {
  /** Purpose of reading the data. Defaults to the purpose of the key. */
  purpose?: Purpose | undefined;
  /**
   * Time limit for the whole request in milliseconds, including retries, waits and reading the response. Defaults to
   * 30,000.
   */
  timeoutMs?: number | undefined;
  /** Maximum number of retries. Defaults to 3. */
  maxRetries?: number | undefined;
  /**
   * Called after every attempt. Receives only names and numbers, never data that was sent or received. A request calls
   * both its own callback and that of the client.
   */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
};

export type ClientOptions = CommonOptions & {
  /** URL of the API, such as http://127.0.0.1:4000/graphql. */
  url: string;
  /**
   * API key of the workspace, or a function that returns one. The function is called for every request, and again with
   * `true` if the API rejects the key.
   */
  token: TokenSource;
  /** How operations are sent. Defaults to their full text; `byId()` from `@rapport/sdk/persisted` sends their IDs. */
  documents?: DocumentSource | undefined;
  /**
   * Prints documents that are syntax trees without text, such as those of gql.tada: `print` of graphql or
   * @0no-co/graphql.web.
   */
  print?: Print | undefined;
  /** Replacement for the platform's `fetch`. */
  fetch?: Fetch | undefined;
};

export type RequestOptions = CommonOptions & {
  /** Signal that cancels the request, which then rejects with `ABORTED`. */
  signal?: Signal | undefined;
  /**
   * Idempotency key of a write, 1 to 255 Latin-1 characters. Sending the same key again within a day writes nothing and
   * returns the original result. By default, every write gets its own key, so retries write only once.
   */
  idempotencyKey?: string | undefined;
};

/** Chooses how an operation is sent. `isUnknown` is true if the API did not recognize it in the form sent before. */
export type DocumentSource = (text: string, isUnknown: boolean) => Promise<SentDocument>;
export type SentDocument = { documentId: string } | { query: string };

/** One attempt of a request. */
export type Attempt = {
  operation: string;
  requestId: string;
  /** Number of the attempt, starting at 1. */
  attempt: number;
  ms: number;
  /** HTTP status. Null if there was no response. */
  status: number | null;
  /** Error code. Null if the attempt succeeded. */
  code: RapportErrorCode | null;
  /** Milliseconds until the next attempt. Null if there is none. */
  retryInMs: number | null;
  /** Cost of the request, and points the key has left. Null if the response does not include it. */
  cost: Cost | null;
};

export type Client = {
  /**
   * Sends one operation. Rejects with a `RapportError` if any part of it fails: `data` of the error holds the parts
   * that succeeded, and `errors` explains why each of the others is null.
   */
  request<Data, Variables>(
    document: Document<Data, Variables>,
    ...variables: VariablesOf<NoInfer<Variables>>
  ): Promise<Data>;
};

/** Variables can be omitted if none is required. */
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
    // The token that was sent last, and one that was rejected.
    let key = '';
    let refused: string | null = null;
    // True if the API reported that it does not know the document.
    let isUnknown = false;
    let cost: Cost | null = null;

    // Returns the data, or an error.
    async function tryOnce(): Promise<unknown> {
      let status: number | undefined;
      // The error to report if the next step fails.
      let [code, message]: [RapportErrorCode, string] = [
        'INVALID_INPUT',
        'The document must be an operation: a string, or a syntax tree with the `print` option',
      ];
      cost = null;
      try {
        text = textOf(document, client.print);
        operation = nameIn(text);
        message = 'JSON cannot represent a variable exactly: send strings, arrays and plain objects without cycles';
        const json = jsonOf(variables);
        message = '`url` must be a URL such as https://example.com/graphql, without credentials';
        checkUrl(client.url);
        message = '`timeoutMs` must be above 0, `maxRetries` at least 0, and `signal` an AbortSignal';
        if (!(timeoutMs > 0 && maxRetries >= 0 && (!callers || 'aborted' in callers))) throw TypeError();
        message = 'The request was not sent';
        signal.throwIfAborted();
        [code, message] = ['UNAUTHENTICATED', '`token` did not return an API key'];
        key = await within(tokenUnlike(refused));
        [code, message] = [
          'INVALID_INPUT',
          '`token`, `purpose` and `idempotencyKey` must be Latin-1 strings without line breaks',
        ];
        for (const each of [key, purpose, idempotencyKey]) checkHeader(each ?? '');
        message = 'The `documents` function failed';
        const documentId = idIn(text);
        const sent = documentId
          ? { documentId }
          : ((await within(client.documents?.(text, isUnknown))) ?? { query: text });
        const body = `${JSON.stringify(sent).slice(0, -1)},"variables":${json}}`;
        const headers = {
          'content-type': 'application/json',
          authorization: `Bearer ${key}`,
          'x-request-id': requestId,
          // Queries ignore this header. It is always sent, because a mutation without it could run twice.
          'idempotency-key': idempotencyKey,
          ...(purpose && { 'x-rapport-purpose': purpose }),
        };
        [code, message] = ['NETWORK', 'No response from the API'];
        const response = await within(send(client.url, { method: 'POST', headers, body, redirect: 'manual', signal }));
        status = response.status;
        const { data, errors, extensions } = answerIn(await within(response.text()));
        cost = extensions?.cost ?? null;
        const parts = (Array.isArray(errors) ? errors : []).map((each) => partOf(each, json, key));
        if (data && !parts[0]) return data;
        const first: RapportErrorPart = parts[0] ?? {
          code: 'BAD_RESPONSE',
          message: `The response (HTTP ${status}) is not from the API.`,
        };
        const retryAfterMs = first.retryAfterMs ?? retryAfterOf(response);
        return new RapportError(first.code, first.message, { ...first, retryAfterMs, status, data, errors: parts });
      } catch (error) {
        // Only a code or a name, since platform error messages may quote the headers.
        const { name, cause, field } = Object(error) as { name?: string; cause?: { code?: string }; field?: [] };
        const why = `${message} (${cause?.code ?? name ?? signal.reason}).`;
        return new RapportError(signal.reason ?? code, why, { status, ...(code === 'INVALID_INPUT' && { field }) });
      }
    }

    // Returns the delay before the next attempt, or null if there is none.
    function delayAfter(error: RapportError): number | null {
      // A successful write returns some data only once, such as the secret of a key, so it must not be repeated.
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
            // An error in a callback must not break the request.
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
          : new RapportError('INVALID_INPUT', `The request could not be created (${Object(error).name}).`);
      }) as never,
  };
}
