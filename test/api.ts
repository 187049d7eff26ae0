import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import { createWorkspace } from '../src/access/workspaces.ts';
import type { Db } from '../src/db/database.ts';
import type { Limits } from '../src/lib/limits.ts';
import { createServer, type ServerOptions } from '../src/server.ts';
import { type TestDatabase, useDatabase } from './database.ts';

export type Answer = {
  // Answers are as the query asks; each test says what it expects of them.
  // biome-ignore lint/suspicious/noExplicitAny: the shape is each query's own
  data: any;
  errors?: {
    message: string;
    path?: (string | number)[];
    extensions: {
      code: string;
      field?: unknown;
      conflictingId?: string;
      currentVersion?: number;
      retryAfterMs?: number;
    };
  }[];
};

/** What else a request may carry. */
export type More = { operationName?: string; headers?: Record<string, string> };

export type Tenant = {
  db: Db;
  secret: string;
  send(query: string, variables?: object, more?: More): Promise<Answer>;
  /** The data of an operation that must succeed. */
  data(query: string, variables?: object, more?: More): Promise<Answer['data']>;
  /** The first error of an operation that must be refused. */
  error(query: string, variables?: object, more?: More): Promise<NonNullable<Answer['errors']>[number]>;
};

export type TestApi = TestDatabase & {
  faults: unknown[];
  fetch: (request: Request) => Promise<Response>;
  flush: () => Promise<void>;
  /** What a request with this key answers. */
  sendAs(secret: string, query: string, variables?: object, more?: More): Promise<Answer>;
  tenant(slug: string): Promise<Tenant>;
};

/** Limits that a walk over everything at once does not meet. */
export const unlimited: Limits = {
  tokens: 1e6,
  depth: 100,
  aliases: 1e6,
  directives: 1e6,
  repeats: 1e9,
  mutations: 1e6,
  cost: 2e9,
  costPerMinute: 2e9,
};

/** A logger that says nothing. */
export const silent = { error: () => undefined, info: () => undefined };

/** The whole API over a database of this file's own: the real HTTP layer, no port. */
export async function useApi(options: Partial<ServerOptions> = {}, opened?: TestDatabase): Promise<TestApi> {
  const testDatabase = opened ?? (await useDatabase());
  const { database } = testDatabase;
  const faults: unknown[] = [];
  const { fetch, flush } = createServer({
    database,
    logger: { ...silent, error: (fault: unknown) => faults.push(fault) },
    ...options,
  });

  const sendAs: TestApi['sendAs'] = async (secret, query, variables = {}, { operationName, headers: more } = {}) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}`, ...more };
    const body = JSON.stringify({ query, variables, operationName });
    return (await fetch(new Request('http://rapport.test/graphql', { method: 'POST', headers, body }))).json();
  };

  async function tenant(slug: string): Promise<Tenant> {
    const { id } = await createWorkspace(database, { slug, name: slug, defaultCountry: 'PL' });
    const db = database.forWorkspace(id);
    const { secret } = await createApiKey(db, { name: 'test', scopes: allScopes });
    const send: Tenant['send'] = (query, variables, more) => sendAs(secret, query, variables, more);
    return {
      db,
      secret,
      send,
      async data(query, variables, more) {
        const { data, errors } = await send(query, variables, more);
        if (errors) throw new Error(`Refused: ${JSON.stringify(errors)} ${faults.map(String).join('\n')}`);
        return data;
      },
      async error(query, variables, more) {
        const [error] = (await send(query, variables, more)).errors ?? [];
        if (!error) throw new Error('The operation was to be refused, and was not.');
        return error;
      },
    };
  }

  return { ...testDatabase, faults, fetch, flush, sendAs, tenant };
}
