import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import { createWorkspace } from '../src/access/workspaces.ts';
import type { Db } from '../src/db/database.ts';
import type { Limits } from '../src/lib/limits.ts';
import { createServer, type ServerOptions } from '../src/server/create-server.ts';
import { type TestDatabase, useDatabase } from './database.ts';

export type Answer = {
  // Responses are shaped by the query; each test states what it expects.
  // biome-ignore lint/suspicious/noExplicitAny: the shape is each query's own
  data: any;
  errors?: {
    message: string;
    path?: (string | number)[];
    extensions: {
      code: string;
      field?: unknown;
      conflictingId?: string;
      refusal?: string;
      nextAllowedAt?: string;
      currentVersion?: number;
      missingScopes?: string[];
      retryAfterMs?: number;
    };
  }[];
  extensions: { cost: { requested: number; actual: number } };
};

/** Other parts of a request. */
export type More = { operationName?: string; headers?: Record<string, string> };

export type Tenant = {
  db: Db;
  secret: string;
  send(query: string, variables?: object, more?: More): Promise<Answer>;
  /** Returns the data of an operation, which must succeed. */
  data(query: string, variables?: object, more?: More): Promise<Answer['data']>;
  /** Returns the first error of an operation, which must fail. */
  error(query: string, variables?: object, more?: More): Promise<NonNullable<Answer['errors']>[number]>;
};

export type TestApi = TestDatabase & {
  faults: unknown[];
  fetch: (request: Request) => Promise<Response>;
  flush: () => Promise<void>;
  /** Returns the response to a request with this key. */
  sendAs(secret: string, query: string, variables?: object, more?: More): Promise<Answer>;
  tenant(slug: string): Promise<Tenant>;
};

/** Limits that are high enough for a test that selects everything at once. */
export const unlimited: Limits = {
  characters: 1e6,
  tokens: 1e6,
  depth: 100,
  aliases: 1e6,
  directives: 1e6,
  repeats: 1e9,
  mutations: 1e6,
  cost: 2e9,
  costPerMinute: 2e9,
};

/** A logger that discards everything. */
export const silent = { error: () => undefined, info: () => undefined };

/** Creates the full API with a separate database: the real HTTP layer, without a port. */
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
        if (errors)
          throw new Error(
            `The operation failed: ${JSON.stringify(errors)} ${faults.map((f) => JSON.stringify(f).slice(0, 3000)).join('\n')}`,
          );
        return data;
      },
      async error(query, variables, more) {
        const [error] = (await send(query, variables, more)).errors ?? [];
        if (!error) throw new Error('The operation should have failed, but succeeded.');
        return error;
      },
    };
  }

  return { ...testDatabase, faults, fetch, flush, sendAs, tenant };
}
