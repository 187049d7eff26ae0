import { type GraphQLInputType, getNullableType, isEnumType, isInputObjectType, isListType } from 'graphql';
import { importTypes, type RecordType, recordTypes } from '../src/import/format.ts';
import { capitalized } from '../src/lib/text/nouns.ts';
import { schema } from '../src/server/schema.ts';

/** A mutation that writes the example of a record type, and the table of its row. */
export type ExampleWrite = { type: RecordType; table: string; mutation: string; input: Record<string, unknown> };

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

/**
 * Returns a write of the example of each record type with a customer that none of the given mutations writes. So tests
 * with data written by hand cover a new domain, too. `keyOf` returns the key of a record that exists, by its noun. The
 * examples leave out all other references.
 */
export function exampleWrites(
  written: string[],
  customer: object,
  keyOf: (noun: string) => object | undefined,
): ExampleWrite[] {
  return recordTypes.flatMap((type) => {
    const table = capitalized(type);
    const mutation = mutations.find(({ name }) => name.endsWith(table))?.name;
    const { key: _, ...example } = importTypes[type].example as Record<string, unknown>;
    if (!mutation || !example.customer || written.some((name) => name.endsWith(table))) return [];
    const fields = Object.entries(example).flatMap(([name, value]) => {
      if (name === 'customer') return [[name, customer]];
      const given = isReference(value) ? keyOf(name) : value;
      return given === undefined ? [] : [[name, given]];
    });
    return [{ type, table, mutation, input: Object.fromEntries(fields) }];
  });
}

function isReference(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'externalId' in value;
}

/** Returns the field of a document that makes a write. */
export function fieldOf({ mutation, input }: ExampleWrite): string {
  const type = mutations.find(({ name }) => name === mutation)?.args.find(({ name }) => name === 'input')?.type;
  return `${mutation}(input: ${literalOf(input, type)})`;
}

function literalOf(value: unknown, of: GraphQLInputType | undefined): string {
  const type = of && getNullableType(of);
  if (Array.isArray(value))
    return `[${value.map((each) => literalOf(each, isListType(type) ? type.ofType : type)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = isInputObjectType(type) ? type.getFields() : {};
    const members = Object.entries(value).map(([name, each]) => `${name}: ${literalOf(each, fields[name]?.type)}`);
    return `{ ${members.join(', ')} }`;
  }
  return isEnumType(type) ? String(value) : JSON.stringify(value);
}
