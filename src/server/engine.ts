import { type DocumentNode, type GraphQLError, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Context, Viewer } from '../graphql/context.ts';
import { declaredOf, operationOf, type RunningOperation } from '../graphql/documents/operation.ts';
import { isFault } from '../graphql/errors.ts';
import type { Introspection } from '../graphql/introspection/introspection.ts';
import { authorizeMutation } from '../graphql/mutations/authorize-mutation.ts';
import { type NoteReads, noteReadsOf } from '../graphql/personal-data/access-log.ts';
import { attempt, refused } from '../lib/upsert-result.ts';
import { type Answer, answerOf, mediaTypeOf, mediaTypes, type Result } from './answer.ts';
import type { Authentication, Sent } from './authentication.ts';
import type { Charged, Charging } from './charging.ts';
import type { DocumentTexts } from './documents/document-texts.ts';
import type { Documents } from './documents/documents.ts';
import type { TrustedDocuments } from './documents/trusted-documents.ts';
import type { Execution, Executor } from './executor.ts';
import { checkedParameters, type Parameters } from './parameters.ts';
import { Refusal, refuse } from './refusal.ts';

/** A GraphQL request, as a transport received it. */
export type EngineRequest = Sent & {
  /** Whether its HTTP method allows only queries. */
  isReadOnly: boolean;
  /** Reads the parameters from the body or URL. Throws a `Refusal` if they cannot be read. */
  readParameters: () => Record<string, unknown> | Promise<Record<string, unknown>>;
};

export type EngineParts = {
  schema: GraphQLSchema;
  texts: DocumentTexts;
  trusted: TrustedDocuments;
  documents: Documents;
  introspection: Introspection;
  authentication: Authentication;
  charging: Charging;
  executor: Executor;
  /** Decides what the caller sees of an error, and logs unexpected ones with the ID of their request. */
  mask: (error: unknown, requestId: string) => GraphQLError;
  /** Called when a valid key was used. */
  onUse: (viewer: Viewer) => void;
  noteReads: NoteReads;
};

/** Result before its errors are masked. */
type Outcome = Omit<Result, 'errors'> & { errors?: readonly unknown[] };

/** Outcome of an authenticated request. `charge` is null if it was rejected before. */
type Done = { outcome: Outcome; isKeyConfirmed: boolean; charge: Charged | null };

/**
 * Answers GraphQL requests in one pass: document, authentication, authorization, charge, execution, bytes. Each request
 * is charged and executed at most once, and always answered.
 */
export class Engine {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  async answer(request: EngineRequest): Promise<Answer> {
    const type = mediaTypeOf(request.headers.get('accept'));
    const shown = (errors: readonly unknown[]) => errors.map((error) => this.#parts.mask(error, request.requestId));
    try {
      if (type === null) throw refuse({ status: 406 }, `Accept one of these media types: ${mediaTypes.join(', ')}.`);
      const { data, errors = [], extensions, http } = await this.#outcome(request);
      return answerOf({ data, errors: shown(errors), extensions, http }, type);
    } catch (error) {
      const { errors, http } = error instanceof Refusal ? error : new Refusal([error], {});
      return answerOf({ errors: shown(errors), http }, type ?? 'application/json');
    }
  }

  async #outcome(request: EngineRequest): Promise<Outcome> {
    const { texts, trusted, documents, introspection, authentication } = this.#parts;
    const parameters = checkedParameters(await request.readParameters());
    const found = texts.of(parameters);
    // A document that not every key may send is not parsed before the caller is authenticated.
    const early = trusted.accepts(found.text) ? null : await authentication.contextOf(request);
    if (early) trusted.authorize(found.text, early.viewer);
    const document = documents.get(found.text);
    const running = operationIn(document, parameters, request);
    if (request.headers.get('authorization') === null) {
      const data = introspection.openAnswer(document, running, parameters.variables);
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
    const { authentication, executor, onUse, noteReads } = this.#parts;
    let context = early ?? (await authentication.contextOf(request));
    const variables = attempt(() => declaredOf(running, given));
    const execution = refused(variables) ? null : executor.plan(running, variables);
    if (context.isRemembered && !execution?.confirmsKey) context = await authentication.confirmedContextOf(request);
    if (refused(variables) || !execution) throw variables;

    const { outcome, isKeyConfirmed, charge } = await this.#run(running, variables, execution, context);
    if (context.isRemembered && !isKeyConfirmed)
      await authentication.confirmedContextOf(request).catch((error: unknown) => {
        if (!isFault(error)) charge?.refund();
        throw new Refusal([error, ...(outcome.errors ?? []).filter(isFault)], {});
      });
    onUse(context.viewer);
    noteReadsOf(context, running.operation, noteReads);
    return outcome;
  }

  async #run(
    running: RunningOperation,
    variables: Record<string, unknown>,
    execution: Execution,
    context: Context,
  ): Promise<Done> {
    const denial = attempt(() => this.#authorize(running, context.viewer));
    if (refused(denial)) return { outcome: { data: null, errors: [denial] }, isKeyConfirmed: false, charge: null };
    const charge = await this.#parts.charging.charge(context, running, variables);
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
    throw refuse(
      { status: 400 },
      'The document must have exactly one operation, or `operationName` must name one of its operations.',
    );
  if (running.operation.operation === OperationTypeNode.SUBSCRIPTION)
    throw refuse({ status: 400 }, 'The schema has no subscriptions.');
  if (isReadOnly && running.operation.operation !== OperationTypeNode.QUERY)
    throw refuse(
      { status: 405, headers: { allow: 'POST' } },
      'GET requests can only run queries. Send this with POST.',
    );
  return running;
}
