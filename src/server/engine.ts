import { type DocumentNode, type GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Context, Viewer } from '../graphql/context.ts';
import { declaredOf, operationOf, type RunningOperation } from '../graphql/documents/operation.ts';
import { isFault } from '../graphql/errors.ts';
import type { Introspection } from '../graphql/introspection/introspection.ts';
import { authorizeMutation } from '../graphql/mutations/authorize-mutation.ts';
import { type RecordAccess, recordAccessOf } from '../graphql/personal-data/access-log.ts';
import { attempt, refused } from '../lib/upsert-result.ts';
import type { Authentication, RequestHead } from './authentication.ts';
import type { AcceptedCharge, CostLimiter } from './cost-limiter.ts';
import type { DocumentTexts } from './documents/document-texts.ts';
import type { Documents } from './documents/documents.ts';
import type { TrustedDocuments } from './documents/trusted-documents.ts';
import type { Execution, Executor } from './executor.ts';
import { checkedParameters, type Parameters } from './parameters.ts';
import { RequestError, requestError } from './request-error.ts';
import { type EngineResponse, mediaTypeOf, mediaTypes, type Result, responseOf } from './response.ts';

/** A GraphQL request, as a transport received it. */
export type EngineRequest = RequestHead & {
  /** Whether its HTTP method allows only queries. */
  isReadOnly: boolean;
  /** Reads the parameters from the body or URL. Throws a `RequestError` if they cannot be read. */
  readParameters: () => Record<string, unknown> | Promise<Record<string, unknown>>;
  /** Whether the document is part of the server, so that every key may send it. */
  isOwnDocument?: boolean;
};

export type EngineParts = {
  schema: GraphQLSchema;
  texts: DocumentTexts;
  trusted: TrustedDocuments;
  documents: Documents;
  introspection: Introspection;
  authentication: Authentication;
  costLimiter: CostLimiter;
  executor: Executor;
  /** Decides what the caller sees of an error, and logs unexpected ones with the ID of their request. */
  mask: (error: unknown, requestId: string) => GraphQLError;
  /** Called when a valid key was used. */
  onUse: (viewer: Viewer) => void;
  recordAccess: RecordAccess;
};

/** Result before its errors are masked. */
type Outcome = Omit<Result, 'errors'> & { errors?: readonly unknown[] };

/** Outcome of an authenticated request. `charge` is null if it was rejected before. */
type ExecutedRequest = { outcome: Outcome; isKeyConfirmed: boolean; charge: AcceptedCharge | null };

/**
 * Answers GraphQL requests in one pass: document, authentication, authorization, charge, execution, bytes. Each request
 * is charged and executed at most once, and always answered.
 */
export class Engine {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Answers a request with the bytes of a response. */
  async answer(request: EngineRequest): Promise<EngineResponse> {
    const type = mediaTypeOf(request.headers.get('accept'));
    if (type !== null) return responseOf(await this.result(request), type);
    const unknown = requestError({ status: 406 }, `Accept one of these media types: ${mediaTypes.join(', ')}.`);
    return responseOf(this.#failure(unknown, request), 'application/json');
  }

  /** Returns the result of a request, with its errors as its sender may see them. */
  async result(request: EngineRequest): Promise<Result> {
    try {
      const outcome = await this.#outcome(request);
      return { ...outcome, errors: this.#shown(outcome.errors ?? [], request) };
    } catch (error) {
      return this.#failure(error, request);
    }
  }

  #failure(error: unknown, request: EngineRequest): Result {
    const { errors, http } = error instanceof RequestError ? error : new RequestError([error], {});
    return { errors: this.#shown(errors, request), http };
  }

  #shown(errors: readonly unknown[], { requestId }: EngineRequest): GraphQLError[] {
    return errors.map((error) => this.#parts.mask(error, requestId));
  }

  async #outcome(request: EngineRequest): Promise<Outcome> {
    const { texts, trusted, documents, introspection, authentication } = this.#parts;
    const parameters = checkedParameters(await request.readParameters());
    const found = texts.of(parameters);
    // A document that not every key may send is not parsed before the caller is authenticated.
    const isAccepted = request.isOwnDocument || trusted.accepts(found.text);
    const early = isAccepted ? null : await authentication.contextOf(request);
    if (early) trusted.authorize(found.text, early.viewer);
    const document = documents.get(found.text);
    const running = operationIn(document, parameters, request);
    if (request.headers.get('authorization') === null) {
      const data = introspection.answerWithoutKey(document, running, parameters.variables);
      if (data) return { data };
    }
    const outcome = await this.#authenticated(request, running, parameters, early);
    texts.keep(found);
    return outcome;
  }

  /**
   * Authenticates the caller, from the key cache if possible. The database must confirm a cached key before anything
   * is returned: in the statement that reads or writes, or else by a look-up. A revoked or
   * expired key is charged nothing.
   */
  async #authenticated(
    request: EngineRequest,
    running: RunningOperation,
    { variables: given }: Parameters,
    early: Context | null,
  ): Promise<Outcome> {
    const { authentication, executor, onUse, recordAccess } = this.#parts;
    let context = early ?? (await authentication.contextOf(request));
    const variables = attempt(() => declaredOf(running, given));
    const execution = refused(variables) ? null : executor.plan(running, variables);
    if (context.isCached && !execution?.confirmsKey) context = await authentication.confirmedContextOf(request);
    if (refused(variables) || !execution) throw variables;

    const { outcome, isKeyConfirmed, charge } = await this.#run(running, variables, execution, context);
    if (context.isCached && !isKeyConfirmed)
      await authentication.confirmedContextOf(request).catch((error: unknown) => {
        if (!isFault(error)) charge?.refund();
        throw new RequestError([error, ...(outcome.errors ?? []).filter(isFault)], {});
      });
    onUse(context.viewer);
    recordAccessOf(context, running.operation, recordAccess);
    return outcome;
  }

  async #run(
    running: RunningOperation,
    variables: Record<string, unknown>,
    execution: Execution,
    context: Context,
  ): Promise<ExecutedRequest> {
    const denial = attempt(() => this.#authorize(running, context.viewer));
    if (refused(denial)) return { outcome: { data: null, errors: [denial] }, isKeyConfirmed: false, charge: null };
    const charge = await this.#parts.costLimiter.charge(context, running, variables);
    if (charge.rejection) {
      const { cost, rejection } = charge;
      return { outcome: { errors: [rejection], extensions: { cost } }, isKeyConfirmed: false, charge: null };
    }
    const { data, errors, http, isKeyConfirmed, points } = await execution.run(context);
    // A fault may have taken more work than what came back shows, such as a statement that timed out.
    const cost = charge.settle(errors.some(isFault) ? null : points);
    return { outcome: { data, errors, extensions: { cost }, http }, isKeyConfirmed, charge };
  }

  #authorize(running: RunningOperation, viewer: Viewer): void {
    this.#parts.introspection.authorize(running, viewer);
    authorizeMutation(this.#parts.schema, running, viewer);
  }
}

function operationIn(
  document: DocumentNode,
  { operationName }: Parameters,
  { isReadOnly }: EngineRequest,
): RunningOperation {
  const running = operationOf(document, operationName);
  if (!running)
    throw requestError(
      { status: 400 },
      'The document must have exactly one operation, or `operationName` must name one of its operations.',
    );
  if (running.operation.operation === OperationTypeNode.SUBSCRIPTION)
    throw requestError({ status: 400 }, 'The schema has no subscriptions.');
  if (isReadOnly && running.operation.operation !== OperationTypeNode.QUERY)
    throw requestError(
      { status: 405, headers: { allow: 'POST' } },
      'GET requests can only run queries. Send this with POST.',
    );
  return running;
}
