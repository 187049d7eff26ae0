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
import { type PiiClass, piiScopes } from '../lib/pii.ts';
import type { Context } from './context.ts';
import type { SqlFields, SqlType } from './sql-types.ts';

/** Who asks, while an answer is finished: notes of whose personal data they were shown go to `note`. */
export type Asked = { context: Context; note: (piiClass: PiiClass) => void; values: Record<string, unknown> };

/** Makes of what the database gave what is answered. */
export type Finish = (given: unknown, asked: Asked) => unknown;

export type Variables = Record<string, unknown>;

/** What the arguments of a field say. */
export type Reading = {
  /** What its SQL depends on. Of few combinations: each is a statement of its own. */
  shape: Record<string, string | null>;
  /** What goes into it as parameters. */
  values: Record<string, unknown>;
};

type Parameter = (variables: Variables, readings: Reading[]) => unknown;

/** What is said of a selection while its SQL is made, field by field. */
export type Compiling = {
  /** Whether the key sees this class; if so, that it was shown is noted with every answer. */
  isShown(piiClass: PiiClass): boolean;
  /** `json` is an expression for JSON text; what stands in the answer, `finish` makes of its value. */
  finished(json: string, finish: Finish): string;
  object(typeName: string, fields: SqlFields): string;
  row(type: SqlType, from: string): string;
  list(type: SqlType, from: string, first: number | null): string;
  /** Takes of a finished value just what is selected of it. */
  picker(typeName: string): (value: unknown) => unknown;
  scopes: ReadonlySet<string>;
  shape: Reading['shape'];
  /** The lists that the statement reads so far, each after those within it. */
  lists: SqlList[];
};

/** Where a list comes from, how many of it are read, and what it is called where that matters. */
export type SqlList = { from: string; first: string; name?: string };

/** Response key to the fields of the document that it stands for. */
type Selection = Map<string, FieldNode[]>;

/** Makes SQL of a selection: for each field what its type says of it, under the name that the document gives it. */
export class SqlCompiler {
  readonly parameters: Parameter[] = [];
  readonly finishes: Finish[] = [];
  readonly shown = new Set<PiiClass>();
  readonly #lists: SqlList[] = [];
  readonly #fragments: Map<string, FragmentDefinitionNode>;
  readonly #variables: Variables;
  readonly #scopes: ReadonlySet<string>;

  constructor(fragments: Map<string, FragmentDefinitionNode>, variables: Variables, scopes: ReadonlySet<string>) {
    this.#fragments = fragments;
    this.#variables = variables;
    this.#scopes = scopes;
  }

  /** What a selection of a type asks for, fragments and directives followed. */
  select(typeName: string, sets: (SelectionSetNode | undefined)[]): Selection {
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
    // PostgreSQL cuts longer names.
    for (const key of selection.keys())
      if (key.length > 63) throw invalid(`An alias within ${typeName} may have 63 characters.`);
    return selection;
  }

  /** One JSON object of the row that is joined. */
  object(typeName: string, fields: SqlFields, nodes: FieldNode[], shape: Reading['shape']): string {
    const columns = this.#columns(typeName, fields, nodes, shape);
    // A function takes a hundred arguments.
    if (columns.length > 48) return `(SELECT row_to_json(x) FROM (SELECT ${this.#named(columns)}) x)`;
    return `json_build_object(${columns.map(([key, sql]) => `'${key}', ${sql}`).join(', ')})`;
  }

  /** A value of the request as a parameter of the statement. */
  parameter(of: Parameter): string {
    return `$${this.parameters.push(of)}`;
  }

  #columns(typeName: string, fields: SqlFields, nodes: FieldNode[], shape: Reading['shape']) {
    const selection = this.select(
      typeName,
      nodes.map(({ selectionSet }) => selectionSet),
    );
    const columns = [...selection].map(([key, nodes]) => {
      const name = nodes[0]?.name.value ?? '';
      const field = fields[name];
      if (!field && name !== '__typename') throw new Error(`${typeName}.${name} has no SQL.`);
      return { key, nodes, field, sql: `'${typeName}'::text` };
    });
    // What tells of the others comes after them.
    const inOrder = columns.toSorted(
      (a, b) => Number(a.field?.tellsOfOthers ?? 0) - Number(b.field?.tellsOfOthers ?? 0),
    );
    for (const column of inOrder) if (column.field) column.sql = column.field.sql(this.#at(column.nodes, shape));
    return columns.map(({ key, sql }): [string, string] => [key, sql]);
  }

  #named(columns: [string, string][]): string {
    return columns.map(([key, sql]) => `${sql} AS "${key}"`).join(', ');
  }

  #at(nodes: FieldNode[], shape: Reading['shape']): Compiling {
    const columnsOf = (typeName: string, fields: SqlFields) =>
      this.#named(this.#columns(typeName, fields, nodes, shape));
    return {
      scopes: this.#scopes,
      shape,
      lists: this.#lists,
      isShown: (piiClass) => {
        const isShown = this.#scopes.has(piiScopes[piiClass]);
        if (isShown) this.shown.add(piiClass);
        return isShown;
      },
      finished: (json, finish) => {
        const index = this.finishes.push(finish) - 1;
        return `(E'${mark}[${index},' || ${json} || E']${mark}')::json`;
      },
      object: (typeName, fields) => this.object(typeName, fields, nodes, shape),
      row: ({ name, fields }, from) =>
        `(SELECT row_to_json(x) FROM (SELECT ${columnsOf(name, fields)} ${from} LIMIT 1) x)`,
      list: ({ name, fields }, from, first) => {
        const columns = columnsOf(name, fields);
        const limit = first === null ? String(maxPageSize) : `${this.#first(nodes, first)}::int`;
        this.#lists.push({ from, first: limit });
        return `(SELECT coalesce(json_agg(x), '[]') FROM (SELECT ${columns} ${from} LIMIT ${limit}) x)`;
      },
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
      if (first < 1 || first > maxPageSize) throw invalid(`Is not 1 to ${maxPageSize}.`, 'first');
      return first;
    });
  }

  // An object within an object says its own `__typename`.
  #picker(typeName: string, nodes: FieldNode[]): (value: unknown) => unknown {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (sets.length === 0) return (value) => value;
    const picked = [...this.select(typeName, sets)].map(([key, within]) => {
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

// A tab is blank in JSON, and stands in none that PostgreSQL writes: in a string it is escaped. So what is between two
// of them was put there by us, whatever the rows say.
const mark = '\\t';

/** The answer as JSON text, each marked part finished. */
export function finish(text: string, finishes: Finish[], asked: Asked): string {
  const parts = text.split('\t');
  for (let i = 1; i < parts.length; i += 2) {
    const [index, given] = JSON.parse(parts[i] ?? '[]') as [number, unknown];
    parts[i] = JSON.stringify(finishes[index]?.(given, asked) ?? null);
  }
  return parts.join('');
}
