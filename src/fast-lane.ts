import type { ExecutionResult, GraphQLError } from 'graphql';
import type { KeyHolders } from './access/key-holders.ts';
import { contextOf } from './context.ts';
import type { Database } from './db/database.ts';
import type { Context, RequestHeaders } from './graphql/context.ts';
import { isRefusal } from './graphql/errors.ts';
import type { Charge, Cost } from './graphql/limits.ts';
import { declaredOf } from './graphql/operation.ts';
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

/** A query that may be run: all that it asks for is known, and its key has paid for it. */
type Charged = { prepared: Prepared; context: Context; cost: Cost };

/**
 * Answers a query that one statement answers and that was answered before, without the objects that a request passes
 * through otherwise, which cost more than the rest. Null for any other, and where there is anything to refuse: it goes
 * the usual way then, from the start. What was charged is answered here, and a fault too: neither happens twice.
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
    return { prepared, context, cost };
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
      const { prepared, context, cost } = request;
      const { data, errors } = await sqlAnswers.answer(prepared, context);
      // Of a key that was revoked a moment ago. Who shows it is found out the usual way.
      if (errors.some(({ originalError }) => isUnauthenticated(originalError))) return null;
      noteReadsOf(context, prepared.running.operation, noteReads);
      const extensions = { cost };
      if (errors.length > 0) return failed(errors, { ...resultOf(data, errors), extensions });
      return plainJson(
        Buffer.concat([start, data, Buffer.from(`,"extensions":${JSON.stringify(extensions)}}`)]),
        asked,
        options,
      );
    } catch (error) {
      // What is wrong with a request, the usual way says.
      return isRefusal(error) ? null : failed([error]);
    }
  };
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'UNAUTHENTICATED';
}
