import type { IncomingHttpHeaders } from 'node:http';
import type { KeyHolders } from './access/key-holders.ts';
import { contextOf, type RequestHeaders } from './context.ts';
import type { Database } from './db/database.ts';
import type { Context } from './graphql/context.ts';
import type { Charge } from './graphql/limits.ts';
import { type NoteReads, noteReadsOf } from './graphql/reads.ts';
import type { SqlAnswers } from './graphql/sql-execute.ts';
import type { TrustedDocuments } from './graphql/trusted-documents.ts';
import { answerHeaders, bodyObject, type HttpOptions, headersOf, requestIdOf } from './http.ts';
import type { Limits } from './lib/limits.ts';

export type LaneOptions = Pick<HttpOptions, 'corsOrigins' | 'onAnswer'> & {
  database: Database;
  documents: TrustedDocuments;
  holders: KeyHolders;
  limits: Limits;
  sqlAnswers: SqlAnswers;
  charge: Charge;
  onContext: (context: Context) => void;
  noteReads: NoteReads;
};

const start = Buffer.from('{"data":');

/** A request whose body was read, as Node has it. */
export type PlainRequest = { headers: IncomingHttpHeaders; body: string };
export type PlainAnswer = { status: number; headers: Record<string, string>; body: Buffer };

/**
 * Answers a query that one statement answers and that was answered before, without the objects that a request passes
 * through otherwise, which cost more than the rest. Null for any other, and where there is anything to refuse: it goes
 * the usual way then, from the start.
 */
export function fastLane(options: LaneOptions): (request: PlainRequest) => Promise<PlainAnswer | null> {
  const { database, documents, holders, limits, sqlAnswers, charge, corsOrigins, onAnswer, onContext, noteReads } =
    options;

  async function answer(headers: RequestHeaders, body: string): Promise<Buffer | null> {
    const { documentId, query: text, operationName, variables: given = null, ...rest } = bodyObject(body);
    const isUsual = (documentId === undefined) !== (text === undefined) && Object.keys(rest).length === 0;
    if (!isUsual || typeof (operationName ?? '') !== 'string' || typeof given !== 'object') return null;
    const query = text ?? documents.textOf(documentId);
    if (typeof query !== 'string' || Array.isArray(given)) return null;
    const running = sqlAnswers.known(query, operationName as string | undefined);
    const variables = running && sqlAnswers.variablesOf(running, given);
    if (!variables) return null;
    const context = await contextOf(headers, database, limits, holders);
    documents.check(query, context.viewer);
    onContext(context);
    const cost = await charge(context, running.alone, (given ?? {}) as Record<string, unknown>);
    const data = await sqlAnswers.answer(running, variables, context);
    if (data === null) return null;
    noteReadsOf(context, running.operation, noteReads);
    return Buffer.concat([start, data, Buffer.from(`,"extensions":${JSON.stringify({ cost })}}`)]);
  }

  return async ({ headers, body }) => {
    const [started, requestId] = [performance.now(), requestIdOf(headers['x-request-id'])];
    const said = headersOf(headers, requestId);
    // What is wrong, the usual way says.
    const written = await answer(said, body).catch(() => null);
    if (written === null) return null;
    onAnswer({ path: '/graphql', requestId, status: 200, ms: Math.round(performance.now() - started) });
    const type = { 'content-type': 'application/json; charset=utf-8' };
    return {
      status: 200,
      body: written,
      headers: { ...type, ...answerHeaders(requestId, said.get('origin'), corsOrigins) },
    };
  };
}
