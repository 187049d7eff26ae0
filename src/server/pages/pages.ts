import type { Database } from '../../db/database.ts';
import { type ExampleKey, graphiql } from './graphiql.ts';

export type PageOptions = {
  database: Database;
  /** Whether to serve GraphiQL at the address of the API. */
  hasGraphiql: boolean;
  /** Creates the keys that GraphiQL sends with its examples. */
  exampleKeys: () => Promise<ExampleKey[]>;
};

/** Serves health checks and GraphiQL. Returns null for GraphQL requests, and 404 for unknown paths. */
export function pages(options: PageOptions): (request: Request, path: string) => Promise<Response | null> {
  const page = options.hasGraphiql ? graphiql(options.exampleKeys) : async () => null;
  return async (request, path) => {
    if (path === '/health/live') return new Response('live\n');
    if (path === '/health/ready') return ready(options.database);
    if (path === '/graphql/') return null;
    return path === '/graphql' ? page(request) : new Response(null, { status: 404 });
  };
}

async function ready(database: Database): Promise<Response> {
  const state = await database.state();
  return state === 'ready' ? new Response('ready\n') : new Response(`${notReady[state]}\n`, { status: 503 });
}

const notReady = { unreachable: 'the database does not respond', 'disk full': 'the database disk is full' };
