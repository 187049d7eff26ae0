import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { invalid } from '../lib/errors.ts';
import { maxPageSize } from '../lib/limits.ts';
import type { Json, Write } from './sql-answer.ts';
import type { SqlFields, SqlType } from './sql-types.ts';

export type Variables = Record<string, unknown>;

/** What the arguments of a field say. */
export type Reading = {
  /** What its SQL depends on. Of few combinations: each is a statement of its own. */
  shape: Record<string, string | null>;
  /** What goes into it as parameters. */
  values: Record<string, unknown>;
};

/** The columns of a field, and what is written of them. */
export type Compiled = { columns: string[]; write: Write };

/** What is said of a field's place in the document while its SQL is made. */
export type Compiling = {
  scopes: ReadonlySet<string>;
  shape: Reading['shape'];
  object(typeName: string, fields: SqlFields): Compiled;
  row(type: SqlType, from: string): Compiled;
  /** Remembered in `lists` where it has a place. */
  list(type: SqlType, from: string, first: number | null, place?: Place): Compiled;
  /** What is selected within it: response keys, and the fields they stand for. */
  members(): { key: string; name: string }[];
  /** Takes of a value made in JavaScript just what is selected of it. */
  picker(typeName: string): (value: unknown) => unknown;
  /** Where it stands, for those that tell of others. */
  place?: Place;
  /** The lists with a place that are made so far. */
  lists: SqlList[];
};

/** What a part of an answer is called, and the SQL condition on which it is shown. */
export type Place = { name: string; condition: string };

/** Where a list comes from, and how many of it are read. */
export type SqlList = Place & { from: string; first: string };

type Parameter = (variables: Variables, readings: Reading[]) => unknown;

/** Response key to the fields of the document that it stands for. */
type Selection = Map<string, FieldNode[]>;

// The workspace and the key, which every statement is for.
const parametersBefore = 2;

/** Makes SQL of a selection: of each field what its type says of it. */
export class SqlCompiler {
  readonly parameters: Parameter[] = [];
  #lists: SqlList[] = [];
  readonly #fragments: Map<string, FragmentDefinitionNode>;
  readonly #variables: Variables;
  readonly #scopes: ReadonlySet<string>;

  constructor(fragments: Map<string, FragmentDefinitionNode>, variables: Variables, scopes: ReadonlySet<string>) {
    this.#fragments = fragments;
    this.#variables = variables;
    this.#scopes = scopes;
  }

  /** What a selection asks for, fragments and directives followed. */
  select(sets: (SelectionSetNode | undefined)[]): Selection {
    const selection: Selection = new Map();
    const collect = ({ selections }: SelectionSetNode) => {
      for (const node of selections) {
        if (!this.#isIncluded(node)) continue;
        if (node.kind === Kind.FIELD) {
          const key = node.alias?.value ?? node.name.value;
          selection.set(key, [...(selection.get(key) ?? []), node]);
        } else if (node.kind === Kind.INLINE_FRAGMENT) collect(node.selectionSet);
        else {
          const fragment = this.#fragments.get(node.name.value);
          if (fragment) collect(fragment.selectionSet);
        }
      }
    };
    for (const set of sets) if (set) collect(set);
    return selection;
  }

  /** A value of the request as a parameter of the statement. */
  parameter(of: Parameter): string {
    return `$${this.parameters.push(of) + parametersBefore}`;
  }

  /** A subquery for one row of these columns in JSON, under names that say nothing. */
  rowOf(columns: string[], from: string, tables = ''): string {
    return `(SELECT row_to_json(x) FROM (${tables} SELECT ${named(columns)} ${from}) x)`;
  }

  /** What is answered for a field of the query type. */
  root({ name, fields }: SqlType, nodes: FieldNode[], shape: Reading['shape']): Compiled {
    this.#lists = [];
    return this.#object(name, fields, nodes, shape);
  }

  // An object of columns of the row at hand.
  #object(typeName: string, fields: SqlFields, nodes: FieldNode[], shape: Reading['shape']): Compiled {
    const members = [...this.select(nodes.map(({ selectionSet }) => selectionSet))].map(([key, nodes]) => {
      const name = nodes[0]?.name.value ?? '';
      const field = fields[name];
      if (!field && name !== '__typename') throw new Error(`${typeName}.${name} has no SQL.`);
      const compiled: Compiled = { columns: [], write: (_row, out) => out.put(`"${typeName}"`) };
      return { key, nodes, field, compiled };
    });
    // What tells of the others comes after them.
    const inOrder = [...members].sort(
      (a, b) => Number(a.field?.tellsOfOthers ?? 0) - Number(b.field?.tellsOfOthers ?? 0),
    );
    for (const member of inOrder)
      if (member.field) member.compiled = member.field.compile(this.#at(member.nodes, shape));
    const parts = members.map(({ key, compiled: { write } }, i) => ({ key: `${i > 0 ? ',' : ''}"${key}":`, write }));
    return {
      columns: members.flatMap(({ compiled }) => compiled.columns),
      write: (row, out, asked) => {
        out.put('{');
        for (const { key, write } of parts) {
          out.put(key);
          write(row, out, asked);
        }
        out.put('}');
      },
    };
  }

  #at(nodes: FieldNode[], shape: Reading['shape']): Compiling {
    return {
      scopes: this.#scopes,
      shape,
      lists: this.#lists,
      object: (typeName, fields) => this.#object(typeName, fields, nodes, shape),
      row: ({ name, fields }, from) => {
        const { columns, write } = this.#object(name, fields, nodes, shape);
        return {
          columns: [this.rowOf(columns, `${from} LIMIT 1`)],
          write: (row, out, asked) => row.row(out, (within: Json) => write(within, out, asked)),
        };
      },
      list: ({ name, fields }, from, first, place) => {
        const { columns, write } = this.#object(name, fields, nodes, shape);
        const limit = first === null ? String(maxPageSize) : `${this.#first(nodes, first)}::int`;
        if (place) this.#lists.push({ ...place, from, first: limit });
        return {
          columns: [`(SELECT json_agg(x) FROM (SELECT ${named(columns)} ${from} LIMIT ${limit}) x)`],
          write: (row, out, asked) => row.rows(out, (within: Json) => write(within, out, asked)),
        };
      },
      members: () =>
        [...this.select(nodes.map(({ selectionSet }) => selectionSet))].map(([key, [node]]) => ({
          key,
          name: node?.name.value ?? '',
        })),
      picker: (typeName) => this.#picker(typeName, nodes),
    };
  }

  #first([node]: FieldNode[], unlessTold: number): string {
    const value = node?.arguments?.find(({ name }) => name.value === 'first')?.value;
    return this.parameter((variables) => {
      const given =
        value?.kind === Kind.VARIABLE
          ? variables[value.name.value]
          : value?.kind === Kind.INT
            ? Number(value.value)
            : null;
      const first = typeof given === 'number' ? given : unlessTold;
      if (first < 0 || first > maxPageSize) throw invalid(`A list holds 0 to ${maxPageSize}.`, 'first');
      return first;
    });
  }

  // An object within an object says its own `__typename`.
  #picker(typeName: string, nodes: FieldNode[]): (value: unknown) => unknown {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (sets.length === 0) return (value) => value;
    const picked = [...this.select(sets)].map(([key, within]) => {
      const name = within[0]?.name.value ?? '';
      return { key, name, pick: this.#picker(typeName, within) };
    });
    const pick = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(pick);
      if (typeof value !== 'object' || value === null) return value;
      const all: Record<string, unknown> = { __typename: typeName, ...value };
      return Object.fromEntries(picked.map((each) => [each.key, each.pick(all[each.name] ?? null)]));
    };
    return pick;
  }

  #isIncluded(node: { directives?: FieldNode['directives'] }): boolean {
    const of = { directives: node.directives ?? [] };
    if (of.directives.length === 0) return true;
    if (getDirectiveValues(GraphQLSkipDirective, of, this.#variables)?.if === true) return false;
    return getDirectiveValues(GraphQLIncludeDirective, of, this.#variables)?.if !== false;
  }
}

// A row has a column at least.
function named(columns: string[]): string {
  return columns.map((sql, i) => `${sql} AS c${i}`).join(', ') || '1 AS c0';
}
