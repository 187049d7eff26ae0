import type { Document } from './document.ts';
import { RapportError, type RapportErrorCode } from './error.ts';

export type ClientOptions = {
  /** Address of the API, such as http://127.0.0.1:4000/graphql. */
  url: string;
  /** A key of the workspace. */
  token: string;
  /** Stands in for the platform's fetch: in tests, the server's own handler. */
  fetch?: (request: Request) => Promise<Response>;
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
  Record<string, never> extends Variables ? [variables?: Variables] : [variables: Variables];

export function createClient({ url, token, fetch = (request) => globalThis.fetch(request) }: ClientOptions): Client {
  return {
    async request(document, ...[variables]) {
      const response = await send(
        fetch,
        new Request(url, {
          method: 'POST',
          headers: {
            accept: 'application/graphql-response+json, application/json',
            'content-type': 'application/json',
            authorization: `Bearer ${token}`,
          },
          body: JSON.stringify({ query: document, variables }),
        }),
      );
      const answer = await readAnswer(response);
      const [error] = answer.errors ?? [];
      if (error) throw new RapportError(codeOf(error), error.message, { ...error.extensions, status: response.status });
      if (answer.data === undefined || answer.data === null) {
        throw new RapportError('BAD_RESPONSE', 'The answer holds neither data nor errors.', {
          status: response.status,
        });
      }
      return answer.data as never;
    },
  };
}

type Answer = { data?: unknown; errors?: AnswerError[] };
type AnswerError = {
  message: string;
  extensions?: {
    code?: RapportErrorCode;
    field?: (string | number)[];
    conflictingId?: string;
    retryAfterMs?: number;
    currentVersion?: number;
  };
};

async function send(fetch: NonNullable<ClientOptions['fetch']>, request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (cause) {
    throw new RapportError('NETWORK', 'The API could not be reached.', { cause });
  }
}

async function readAnswer(response: Response): Promise<Answer> {
  try {
    const answer: unknown = await response.json();
    if (typeof answer === 'object' && answer !== null) return answer;
  } catch {
    // Said below.
  }
  throw new RapportError('BAD_RESPONSE', `The answer (HTTP ${response.status}) is not JSON.`, {
    status: response.status,
  });
}

function codeOf({ extensions }: AnswerError): RapportErrorCode {
  return extensions?.code ?? 'INTERNAL';
}
