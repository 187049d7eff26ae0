import {
  type DocumentNode,
  execute,
  type FieldNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { Read } from '../../db/statements.ts';
import { deletedError } from '../../db/write/replay.ts';
import { queryFieldOf } from '../../query/query-field.ts';
import type { QueryPlans, RootSql } from '../../query/query-plans.ts';
import { collectFields, type Selection, type Variables } from '../../query/selection.ts';
import { JsonReader } from '../../query/serialize/json-reader.ts';
import { serialized } from '../../query/serialize/response-buffer.ts';
import { selectFields } from '../../query/sql/statement.ts';
import type { Context } from '../context.ts';
import { returnedPoints } from '../cost/returned-points.ts';
import { fragmentsOf, type RunningOperation } from '../documents/operation.ts';
import { requestParts, responseVariablesOf } from './request-parts.ts';
import { documentWithout, errorAt, objectOf } from './response-parts.ts';

/** A document with a single mutation, whose response holds rows that SQL may read. */
export type PreparedMutation = {
  running: RunningOperation;
  given: Record<string, unknown>;
  /** Those that the response depends on. */
  variables: Variables;
  key: string;
  payload: GraphQLObjectType;
  /** Fields of the payload with the written row, by response key. */
  rows: Selection;
};

/** Result of a mutation. `data` is UTF-8 JSON, or null if the mutation failed. */
export type MutationResult = { data: unknown; errors: readonly GraphQLError[]; points: number };

/** Serialized rows by response key, and the points of what they hold. */
type ReadRows = { rows: Map<string, Buffer>; points: number };

/** Runs mutations: graphql-js resolves the write, and then one statement reads the written row for the response. */
export class MutationExecutor {
  readonly #schema: GraphQLSchema;
  readonly #plans: QueryPlans<Context>;

  constructor(schema: GraphQLSchema, plans: QueryPlans<Context>) {
    this.#schema = schema;
    this.#plans = plans;
  }

  /**
   * Prepares a document. Null if graphql-js has to resolve all of it: a document with several mutations, whose rows must
   * be read before the next mutation, or one without a row that SQL may read.
   */
  prepare(running: RunningOperation, given: Record<string, unknown>): PreparedMutation | null {
    const type = this.#schema.getMutationType();
    if (running.operation.operation !== 'mutation' || !type) return null;
    // graphql-js coerces the input itself.
    const variables = responseVariablesOf(this.#schema, running, given);
    if (!variables) return null;
    try {
      const fragments = fragmentsOf(running.document);
      const roots = [...collectFields([running.operation.selectionSet], { fragments, variables })];
      const [[key, nodes] = ['', []]] = roots;
      const field = type.getFields()[nodes[0]?.name.value ?? ''];
      const payload = field && getNamedType(field.type);
      if (roots.length !== 1 || !isObjectType(payload)) return null;
      const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      const selected = [...collectFields(sets, { fragments, variables })];
      const rows = new Map(selected.filter(([, [node]]) => isRow(payload, node)));
      return rows.size === 0 ? null : { running, given, variables, key, payload, rows };
    } catch (error) {
      if (error instanceof GraphQLError) return null;
      throw error;
    }
  }

  /** Runs a prepared mutation. Null if SQL cannot read the row or the input is invalid. Nothing has been written then. */
  async execute(prepared: PreparedMutation, context: Context): Promise<MutationResult | null> {
    const { running, given, variables, key, payload, rows } = prepared;
    if (!this.#render(prepared, context, [])) return null;
    const document = withoutRows(this.#schema, running.document, payload);
    // The transaction may read the row right behind its COMMIT. The last attempt is the one that counts.
    let reading: Promise<ReadRows> | null = null;
    const readWritten = async (read: Read) => {
      reading = this.#read(prepared, context, read);
      await reading.catch(() => undefined);
    };
    // V8 allocates a function literal that is assigned to a property in the old generation, with all that it refers to.
    context.readWritten = readWritten;
    const written = await execute({ schema: this.#schema, document, variableValues: given, contextValue: context });
    const { data, errors = [] } = written;
    // The input is invalid, so nothing ran.
    if (data === undefined) return null;
    const points = returnedPoints(this.#schema, document, variables, data);
    const answer = data?.[key];
    if (typeof answer !== 'object' || answer === null) return { data, errors, points };
    try {
      const read = await (reading ?? this.#read(prepared, context, context.db.read));
      const members = Object.entries(answer).map(
        ([name, value]) => [name, read.rows.get(name) ?? jsonOf(value)] as const,
      );
      return { data: objectOf([[key, objectOf(members)]]), errors, points: points + read.points };
    } catch (error) {
      const [[name, nodes] = ['', []]] = rows;
      return { data: { [key]: null }, errors: [...errors, errorAt(error, [key, name], nodes)], points };
    }
  }

  // Reads the rows by the ID that the mutation has left in the context.
  async #read(prepared: PreparedMutation, context: Context, read: Read): Promise<ReadRows> {
    const values: unknown[] = [context.viewer.workspaceId];
    const rendered = this.#render(prepared, context, values) ?? [];
    const text = selectFields(
      'SELECT ',
      rendered.map(({ sql }) => sql),
      'row',
    );
    const [row] = await read<Record<string, string | null>>({ text, values });
    const found = new Map<string, Buffer>();
    let points = 0;
    for (const [i, { key, nodes, sql }] of rendered.entries()) {
      const json = row?.[`row${i}`] ?? 'null';
      const { write, request } = sql;
      const bytes = serialized((out) => write(new JsonReader(json), out, request));
      // The row may be deleted between the write and this read.
      if (bytes.equals(nothing)) throw deletedError(typeOf(prepared.payload, nodes));
      found.set(key, bytes);
      points += request.points;
    }
    return { rows: found, points };
  }

  #render({ running, variables, payload, rows }: PreparedMutation, context: Context, values: unknown[]) {
    const request = requestParts(running, variables, context);
    const parameter = (value: unknown) => `$${values.push(value)}`;
    const rendered: { key: string; nodes: FieldNode[]; sql: RootSql<Context> }[] = [];
    for (const [key, nodes] of rows) {
      const root = { ...request, parent: payload, key, nodes };
      const sql = this.#plans.render(root, parameter, `r${rendered.length}`);
      if (!sql) return null;
      rendered.push({ key, nodes, sql });
    }
    return rendered;
  }
}

function isRow(payload: GraphQLObjectType, node: FieldNode | undefined): boolean {
  const field = payload.getFields()[node?.name.value ?? ''];
  return field !== undefined && queryFieldOf(field)?.kind === 'row';
}

function typeOf(payload: GraphQLObjectType, [node]: FieldNode[]): string {
  const field = payload.getFields()[node?.name.value ?? ''];
  return field ? getNamedType(field.type).name : '';
}

const documentsWithoutRows = new WeakMap<DocumentNode, DocumentNode>();

// Prepares the document for graphql-js once.
function withoutRows(schema: GraphQLSchema, document: DocumentNode, payload: GraphQLObjectType): DocumentNode {
  const known = documentsWithoutRows.get(document);
  if (known) return known;
  const rest = documentWithout(
    schema,
    document,
    (node, typeInfo) => typeInfo.getParentType() === payload && isRow(payload, node),
  );
  documentsWithoutRows.set(document, rest);
  return rest;
}

function jsonOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

const nothing = Buffer.from('null');
