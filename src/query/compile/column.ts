import { Decimal } from 'decimal.js';
import { type GraphQLField, type GraphQLObjectType, getNamedType, isEnumType, isLeafType } from 'graphql';
import type { Column } from '../datamodel.ts';
import type { Mask, Rules } from '../rules.ts';
import { passthrough, type Serializer } from '../serialize/serializer.ts';
import type { CompiledField, Compiler, Row } from './compiler.ts';

/** Compiles a field that exposes a column. */
export function compileColumn<Context>(
  compiler: Compiler<Context>,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  name: string,
  row: Row,
): CompiledField<Context> {
  const { rules, scopes } = compiler;
  const column = rules.datamodel.column(row.model, name);
  const leaf = getNamedType(field.type);
  if (!column || !isLeafType(leaf)) throw new Error(`${type.name}.${field.name} exposes no column.`);
  const plain = plainSerializer(rules, column, leaf.name, isEnumType(leaf) ? leaf.getValues() : []);
  const serialize = (value: unknown) => (value === null ? null : leaf.serialize(value));
  const each = (value: unknown) => (Array.isArray(value) && column.isList ? value.map(serialize) : serialize(value));
  const mask = rules.maskOf(type.name, field, scopes);
  const columns = [compiler.column(row, name)];
  if (!mask) return { columns, write: plain ?? valueSerializer(column, each, null) };
  return { columns, write: maskedSerializer(column, plain, each, mask), isOwned: true };
}

/** Converts the JSON of a column to the value that Prisma returns. */
export function parseColumn({ type, isList }: Column, json: string): unknown {
  if (json === 'null') return null;
  if (type === 'Decimal' && !isList) return new Decimal(json);
  return revive(type, JSON.parse(json));
}

/** Converts a value of parsed JSON to the value that Prisma returns. */
export function revive(type: string, value: unknown): unknown {
  if (value === null) return null;
  if (Array.isArray(value) && type !== 'Json') return value.map((each) => revive(type, each));
  if (type === 'DateTime') return new Date(String(value));
  if (type === 'BigInt') return BigInt(String(value));
  if (type === 'Decimal') return new Decimal(String(value));
  return value;
}

// Returns the serializer of a column whose JSON needs no parsing. Null if it does.
function plainSerializer<Context>(
  { unchanged, scalars }: Rules<Context>,
  column: Column,
  leaf: string,
  values: readonly { name: string; value: unknown }[],
): Serializer<unknown> | null {
  if (column.isEnum) return values.every(({ name, value }) => name === value) ? passthrough : null;
  if (unchanged.has(leaf) && ['String', 'Int', 'Boolean'].includes(column.type)) return passthrough;
  return column.isList ? null : (scalars[leaf] ?? null);
}

type Serialize = (value: unknown) => unknown;

function valueSerializer<Context>(
  column: Column,
  serialize: Serialize,
  mask: Mask<Context> | null,
): Serializer<Context> {
  return (row, out, state) => {
    const value = parseColumn(column, row.column());
    out.put(JSON.stringify(serialize(mask ? mask.show(value, null, state) : value)) ?? 'null');
  };
}

function maskedSerializer<Context>(
  column: Column,
  plain: Serializer<unknown> | null,
  serialize: Serialize,
  mask: Mask<Context>,
): Serializer<Context> {
  if (plain !== passthrough) return valueSerializer(column, serialize, mask);
  return (row, out, state) => {
    row.next();
    if (mask.copies(row, state)) return out.put(row.text, row.start, row.end);
    const value = parseColumn(column, row.text.slice(row.start, row.end));
    out.put(JSON.stringify(serialize(mask.show(value, null, state))) ?? 'null');
  };
}
