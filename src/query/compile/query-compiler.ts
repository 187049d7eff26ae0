import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Relation } from '../datamodel.ts';
import { compilePage } from '../pages/page.ts';
import { queryFieldOf } from '../query-field.ts';
import type { Rules } from '../rules.ts';
import { appliesTo, collectFields, type Selection, type Variables } from '../selection.ts';
import type { Serializer } from '../serialize/serializer.ts';
import { joinSql } from '../sql/condition.ts';
import { orderOf } from '../sql/relation-order.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { compileColumn } from './column.ts';
import {
  type CompiledField,
  type Compiler,
  type FieldCheck,
  ForbiddenField,
  NeedsResolver,
  namedColumns,
  type Request,
  type Row,
  rowJson,
  type Shape,
  type SqlList,
} from './compiler.ts';
import { compileComputed } from './computed.ts';
import { compileOneOf, compileRowsById } from './one-of.ts';
import { ownedObject } from './owned-object.ts';
import { compileRow } from './row.ts';
import { compileSource } from './source.ts';

/**
 * Compiles a root field with its whole selection to SQL. Columns, relations and transforms come from the metadata
 * of Pothos and Prisma; the extension `query` of a field declares the rest.
 */
export class QueryCompiler<Context> implements Compiler<Context> {
  readonly rules: Rules<Context>;
  readonly scopes: ReadonlySet<string>;
  readonly schema: GraphQLSchema;
  readonly shape: Shape | null;
  owner: string | null = null;
  readonly lists: SqlList<Context>[] = [];
  readonly #fragments: Map<string, FragmentDefinitionNode>;
  readonly #variables: Variables;
  #aliases = 0;
  #pages = 0;
  #check: FieldCheck = () => undefined;
  #pagesAround = 0;

  constructor(
    rules: Rules<Context>,
    schema: GraphQLSchema,
    fragments: Map<string, FragmentDefinitionNode>,
    variables: Variables,
    scopes: ReadonlySet<string>,
    shape: Shape | null = null,
  ) {
    this.rules = rules;
    this.scopes = scopes;
    this.shape = shape;
    this.schema = schema;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  /** Compiles a root field. Throws `NeedsResolver` if SQL cannot answer it for these scopes. */
  root(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, nodes: FieldNode[], rowType: string | null) {
    this.authorize(type, field);
    const declared = queryFieldOf<Context>(field);
    if (declared?.kind === 'page') return compilePage(this, field, declared, nodes, null);
    if (declared?.kind === 'source') {
      this.owner = declared.owner;
      return compileSource(this, field, declared, nodes);
    }
    if (declared?.kind === 'rowsById') return compileRowsById(this, field, declared, nodes, rowType ?? '');
    const named = rowType === null ? null : this.schema.getType(rowType);
    if (declared?.kind === 'row' && isObjectType(named) && this.mayReturn(field, named.name))
      return compileRow(this, field, declared, nodes, named);
    throw new NeedsResolver(`${type.name}.${field.name}`);
  }

  select(nodes: FieldNode[], type: GraphQLObjectType): Selection {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const applies = appliesTo.bind(null, this.schema, type);
    return collectFields(sets, { fragments: this.#fragments, variables: this.#variables, applies });
  }

  alias(): string {
    this.#aliases += 1;
    return `t${this.#aliases}`;
  }

  page(): number {
    this.#pages += 1;
    return this.#pages - 1;
  }

  authorize(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): void {
    // A field with SQL of its own decides what it shows of the type it returns.
    const returned = queryFieldOf(field)?.kind === 'sql' ? [] : [getNamedType(field.type)];
    for (const declared of [type, field, ...returned]) {
      const scope = this.rules.scopeOf(declared);
      if (scope === undefined || this.scopes.has(scope)) continue;
      const name = `${type.name}.${field.name}`;
      throw new ForbiddenField(name, this.rules.missingScope(scope, name));
    }
    this.#check(type, field, this.#pagesAround);
  }

  checked(check: FieldCheck, compile: () => CompiledField<Context>): CompiledField<Context> {
    const before = this.#check;
    this.#check = check;
    try {
      return compile();
    } finally {
      this.#check = before;
    }
  }

  mayRead(name: string): boolean {
    const type = this.schema.getType(name);
    const scope = type && this.rules.scopeOf(type);
    return scope === undefined || this.scopes.has(scope);
  }

  mayReturn(field: GraphQLField<unknown, unknown>, name: string): boolean {
    const [returned, type] = [getNamedType(field.type), this.schema.getType(name)];
    if (!isObjectType(type)) return false;
    return isAbstractType(returned) ? this.schema.isSubType(returned, type) : returned === type;
  }

  object(type: GraphQLObjectType, nodes: FieldNode[], row: Row): CompiledField<Context> {
    const members = [...this.select(nodes, type)].map(([key, each], i) => ({
      start: `${i > 0 ? ',' : ''}"${key}":`,
      nodes: each,
      isLast: isLast(type, each),
      compiled: nothing as CompiledField<Context>,
    }));
    const inOrder = [...members].sort((a, b) => Number(a.isLast) - Number(b.isLast));
    for (const member of inOrder) member.compiled = this.member(type, member.nodes, row);
    const columns = members.flatMap(({ compiled }) => compiled.columns);
    const points = this.rules.pointsOfObject(type);
    const write: Serializer<Context> = (json, out, state) => {
      state.points += points;
      out.put('{');
      for (const { start, compiled } of members) {
        out.put(start);
        compiled.write(json, out, state);
      }
      out.put('}');
    };
    if (!members.some(({ compiled }) => compiled.isOwned)) return { columns, write };
    return ownedObject(this, row, { columns, write });
  }

  column(row: Row, path: string): Sql<Request<Context>> {
    const [first = '', ...rest] = path.split('.');
    // Prisma returns an empty list for null.
    const isList = this.rules.datamodel.column(row.model, first)?.isList === true;
    if (rest.length === 0) return [isList ? `coalesce(${row.alias}."${first}", '{}')` : `${row.alias}."${first}"`];
    const { row: other, from } = this.join(this.relation(row.model, first), row);
    const column = this.column(other, rest.join('.'));
    return from === '' ? column : sql`(SELECT ${column}${from})`;
  }

  relation(model: string, name: string): Relation {
    const relation = this.rules.datamodel.relation(model, name);
    if (!relation) throw new Error(`${model} has no relation ${name}.`);
    return relation;
  }

  related({ model, isList, inverse }: Relation, parent: Row, alias = this.alias()): Row {
    const isKnown = inverse !== null && isList && !this.relation(model, inverse).isList;
    return { model, alias, related: isKnown ? { [inverse]: parent.alias } : {} };
  }

  join(relation: Relation, row: Row): { row: Row; from: string } {
    const known = row.related[relation.name];
    const other = this.related(relation, row, known ?? this.alias());
    const on = this.joinSql(relation, other, row);
    return { row: other, from: known ? '' : ` FROM "${relation.model}" ${other.alias} WHERE ${on}` };
  }

  member(type: GraphQLObjectType, nodes: FieldNode[], row: Row): CompiledField<Context> {
    const [node] = nodes;
    const name = node?.name.value ?? '';
    if (name === '__typename') return { columns: [], write: (_json, out) => out.put(`"${type.name}"`) };
    const field = type.getFields()[name];
    if (!field || !node) throw new Error(`${type.name} has no field ${name}.`);
    const declared = queryFieldOf<Context>(field);
    try {
      this.authorize(type, field);
    } catch (error) {
      if (error instanceof ForbiddenField && this.shape && !isNonNullType(field.type)) return forbidden;
      throw error;
    }
    if (declared?.kind === 'page') {
      this.#pagesAround += 1;
      const compiled = compilePage(this, field, declared, nodes, row);
      this.#pagesAround -= 1;
      return compiled;
    }
    if (declared?.kind === 'columns') {
      const members = this.#members(field, nodes);
      return { columns: declared.columns.map((path) => this.column(row, path)), write: declared.write(members) };
    }
    if (declared?.kind === 'sql') return declared.compile({ compiler: this, field, nodes, row });
    if (declared?.kind === 'oneOf') return compileOneOf(this, field, declared, nodes, row);
    const { pothosPrismaRelationField: isRelation, pothosExposedField: exposed } = field.extensions;
    if (field.args.length > 0 && (isRelation || exposed)) throw new NeedsResolver(`${type.name}.${name}`);
    if (isRelation) return this.#relation(field, nodes, row);
    if (name === 'id') {
      const write = this.rules.idOf(type.name);
      if (write) return { columns: [this.column(row, 'id')], write };
    }
    if (typeof exposed === 'string') return compileColumn(this, type, field, exposed, row);
    return compileComputed(this, type, field, nodes, row);
  }

  #members(field: GraphQLField<unknown, unknown>, nodes: FieldNode[]) {
    const type = getNamedType(field.type);
    if (!isObjectType(type)) return [];
    return [...this.select(nodes, type)].map(([key, [node]]) => ({ key, name: node?.name.value ?? '' }));
  }

  #relation(field: GraphQLField<unknown, unknown>, nodes: FieldNode[], row: Row): CompiledField<Context> {
    const type = getNamedType(field.type);
    const prisma = field.extensions.pothosPrismaRelationField as { name: string };
    const relation = this.relation(row.model, prisma.name);
    if (!isObjectType(type)) throw new NeedsResolver(field.name);
    const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
    const { row: other, from } = this.join(relation, row);
    const { columns, write } = this.object(type, nodes, other);
    if (isList)
      return {
        columns: [
          sql`(SELECT json_agg(x) FROM (SELECT ${namedColumns(columns)}${from}${orderOf(field, other, relation.name)}) x)`,
        ],
        write: (json, out, state) => json.rows(out, (within) => write(within, out, state)),
      };
    const isRequired = isNonNullType(field.type);
    return {
      columns: [from === '' ? rowJson(columns) : sql`(SELECT ${rowJson(columns)}${from})`],
      write: (json, out, state) => {
        const isRow = json.row(out, (within) => write(within, out, state));
        if (isRequired && !isRow) throw new Error(`${type.name} of the field ${field.name} does not exist.`);
      },
    };
  }

  joinSql(relation: Relation, { model, alias }: Row, parent: Row): string {
    const on = joinSql(this.rules, relation, alias, parent.alias);
    const column = this.owner === null ? null : this.rules.ownerOf(model);
    // The rows of a related row, such as its order, belong to the person as well.
    return column === null ? on : `${on} AND ${alias}."${column}" = ${this.owner}`;
  }

  tenantSql({ model, alias }: Row): string {
    const { column, sql: tenant } = this.rules.tenant;
    // A tenant's own row has no such column. Its field finds it by ID.
    return this.rules.datamodel.column(model, column) ? `${alias}."${column}" = ${tenant}` : 'true';
  }

  conditionScope({ parameter, alias }: Request<Context>) {
    return { datamodel: this.rules.datamodel, tenant: this.rules.tenant, parameter, alias };
  }
}

const nothing: CompiledField<never> = { columns: [], write: () => undefined };
const forbidden: CompiledField<unknown> = { columns: [], write: (_json, out) => out.put('null') };

function isLast(type: GraphQLObjectType, [node]: FieldNode[]): boolean {
  const field = type.getFields()[node?.name.value ?? ''];
  const declared = field && queryFieldOf(field);
  return declared?.kind === 'sql' && declared.isLast === true;
}
