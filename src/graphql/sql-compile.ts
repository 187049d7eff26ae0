import { type FieldNode, type FragmentDefinitionNode, Kind } from 'graphql';
import { invalid } from '../lib/errors.ts';
import { maxPageSize } from '../lib/limits.ts';
import type { Json } from '../query/json.ts';
import { collectFields, type Selection, type Variables } from '../query/selection.ts';
import type { Write } from './sql-answer.ts';
import type { SqlFields, SqlType } from './sql-types.ts';

/** Parsed arguments of a field. */
export type Reading = {
  /** Values that the SQL depends on. Keep their combinations few, because each one is a separate statement. */
  shape: Record<string, string | null>;
  /** Values of the SQL parameters. */
  values: Record<string, unknown>;
};

/** SQL columns of a field and their serializer. */
export type Compiled = { columns: string[]; write: Write };

/** Context of a field in the document while its SQL is compiled. */
export type Compiling = {
  scopes: ReadonlySet<string>;
  shape: Reading['shape'];
  object(typeName: string, fields: SqlFields): Compiled;
  row(type: SqlType, from: string): Compiled;
  /** Compiles a list and records it in `lists` if it has a place. */
  list(type: SqlType, from: string, first: number | null, place?: Place): Compiled;
  /** Returns the selected subfields: response keys and field names. */
  members(): { key: string; name: string }[];
  /** Returns a function that reduces a JavaScript value to its selected fields. */
  picker(typeName: string): (value: unknown) => unknown;
  /** Place of the field, for fields that report on others. */
  place?: Place;
  /** Lists with a place that are compiled so far. */
  lists: SqlList[];
};

/** Name of a part of the response and the SQL condition under which it is shown. */
export type Place = { name: string; condition: string };

/** Source of a list and the number of rows to read. */
export type SqlList = Place & { from: string; first: string };

type Parameter = (variables: Variables, readings: Reading[]) => unknown;

// The first parameters of every statement are the workspace ID and the key ID.
export const parametersBefore = 2;

/** Compiles a selection to SQL, field by field as its types define. */
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

  /** Collects the fields that these nodes select. */
  select(nodes: FieldNode[]): Selection {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return collectFields(sets, { fragments: this.#fragments, variables: this.#variables });
  }

  /** Adds a value of the request as a parameter of the statement and returns its placeholder. */
  parameter(of: Parameter): string {
    return `$${this.parameters.push(of) + parametersBefore}`;
  }

  /** Returns a subquery for one row of these columns as JSON, with generated column names. */
  rowOf(columns: string[], from: string, tables = ''): string {
    return `(SELECT row_to_json(x) FROM (${tables} SELECT ${named(columns)} ${from}) x)`;
  }

  /** Compiles a field of `Query`. */
  root({ name, fields }: SqlType, nodes: FieldNode[], shape: Reading['shape']): Compiled {
    this.#lists = [];
    return this.#object(name, fields, nodes, shape);
  }

  // Compiles an object from columns of the current row.
  #object(typeName: string, fields: SqlFields, nodes: FieldNode[], shape: Reading['shape']): Compiled {
    const members = [...this.select(nodes)].map(([key, nodes]) => {
      const name = nodes[0]?.name.value ?? '';
      const field = fields[name];
      if (!field && name !== '__typename') throw new Error(`${typeName}.${name} has no SQL.`);
      const compiled: Compiled = { columns: [], write: (_row, out) => out.put(`"${typeName}"`) };
      return { key, nodes, field, compiled };
    });
    // Fields that report on their siblings come after them.
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
        [...this.select(nodes)].map(([key, [node]]) => ({
          key,
          name: node?.name.value ?? '',
        })),
      picker: (typeName) => this.#picker(typeName, nodes),
    };
  }

  #first([node]: FieldNode[], otherwise: number): string {
    const value = node?.arguments?.find(({ name }) => name.value === 'first')?.value;
    return this.parameter((variables) => {
      const given =
        value?.kind === Kind.VARIABLE
          ? variables[value.name.value]
          : value?.kind === Kind.INT
            ? Number(value.value)
            : null;
      const first = typeof given === 'number' ? given : otherwise;
      if (first < 0 || first > maxPageSize)
        throw invalid(`\`first\` must be between 0 and ${maxPageSize} (got ${first}).`, 'first');
      return first;
    });
  }

  // A nested object already has its `__typename`.
  #picker(typeName: string, nodes: FieldNode[]): (value: unknown) => unknown {
    if (nodes.every(({ selectionSet }) => !selectionSet)) return (value) => value;
    const picked = [...this.select(nodes)].map(([key, within]) => {
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
}

// A row needs at least one column.
function named(columns: string[]): string {
  return columns.map((sql, i) => `${sql} AS c${i}`).join(', ') || '1 AS c0';
}
