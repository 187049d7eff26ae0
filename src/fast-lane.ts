import type { ExecutionResult, GraphQLError } from 'graphql';
import type { KeyHolders } from './access/key-holders.ts';
import { contextOf } from './context.ts';
import type { Database } from './db/database.ts';
import type { Context, RequestHeaders } from './graphql/context.ts';
import { isRefusal } from './graphql/errors.ts';
import type { Charge, Cost } from './graphql/limits.ts';
import { declaredOf, type RunningOperation } from './graphql/operation.ts';
import { type NoteReads, noteReadsOf } from './graphql/reads.ts';
import { type Prepared, resultOf, type SqlAnswers } from './graphql/sql-execute.ts';
import type { TrustedDocuments } from './graphql/trusted-documents.ts';
import { headersOf, Refusal, requestIdOf } from './http.ts';
import { DomainError } from './lib/errors.ts';
import type { Limits } from './lib/limits.ts';
import { type PlainAnswer, type PlainAnswers, type PlainRequest, plainAnswer, plainJson } from './plain-answer.ts';

export type LaneOptions = PlainAnswers & {
  database: Database;
  documents: TrustedDocuments;
  holders: KeyHolders;
  limits: Limits;
  sqlAnswers: SqlAnswers;
  charge: Charge;
  mask: (error: unknown, requestId: string) => GraphQLError;
  onContext: (context: Context) => void;
  noteReads: NoteReads;
};

const start = Buffer.from('{"data":');

/** A query that is ready to run: it is compiled, authorized and charged. */
type Charged = { prepared: Prepared; running: RunningOperation; context: Context; cost: Cost };

/**
 * Answers queries that a single SQL statement resolves and that ran before. Skips Yoga's layers, which cost more than
 * all other work. Returns null for other queries and for requests to reject; `directLane` handles them from the start.
 * A charged request is answered here even if it fails, so nothing is charged or run twice.
 */
export function fastLane(options: LaneOptions): (request: PlainRequest) => Promise<PlainAnswer | null> {
  const { database, documents, holders, limits, sqlAnswers, charge, mask, onContext, noteReads } = options;

  async function charged(headers: RequestHeaders, params: Record<string, unknown>): Promise<Charged | null> {
    const { documentId, query: text, operationName, variables: sent = null, ...rest } = params;
    const isUsual = (documentId === undefined) !== (text === undefined) && Object.keys(rest).length === 0;
    if (!isUsual || typeof (operationName ?? '') !== 'string' || typeof sent !== 'object') return null;
    const query = text ?? documents.textOf(documentId);
    if (typeof query !== 'string' || Array.isArray(sent)) return null;
    const running = sqlAnswers.known(query, operationName as string | undefined);
    if (!running) return null;
    const given = declaredOf(running, { ...sent });
    const context = await contextOf(headers, database, limits, holders);
    documents.check(query, context.viewer);
    const prepared = sqlAnswers.prepare(running, given, context);
    if (!prepared) return null;
    const cost = await charge(context, running, given);
    onContext(context);
    return { prepared, running, context, cost };
  }

  return async ({ headers, params }) => {
    if (params instanceof Refusal) return null;
    const [started, requestId] = [performance.now(), requestIdOf(headers['x-request-id'])];
    const said = headersOf(headers, requestId);
    const asked = { requestId, origin: said.get('origin'), started };
    const failed = (errors: unknown[], result: ExecutionResult = {}) =>
      plainAnswer({ ...result, errors: errors.map((error) => mask(error, requestId)) }, asked, options);
    try {
      const request = await charged(said, params);
      if (!request) return null;
      const { prepared, running, context, cost } = request;
      const { data, errors } = await sqlAnswers.answer(prepared, context);
      // The key was revoked a moment ago. The direct lane authenticates again and returns 401.
      if (errors.some(({ originalError }) => isUnauthenticated(originalError))) return null;
      noteReadsOf(context, running.operation, noteReads);
      const extensions = { cost };
      if (errors.length > 0) return failed(errors, { ...resultOf(data, errors), extensions });
      return plainJson(
        Buffer.concat([start, data, Buffer.from(`,"extensions":${JSON.stringify(extensions)}}`)]),
        asked,
        options,
      );
    } catch (error) {
      // The direct lane reports why a request is rejected.
      return isRefusal(error) ? null : failed([error]);
    }
  };
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'UNAUTHENTICATED';
}
