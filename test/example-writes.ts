import { type GraphQLInputType, getNullableType, isEnumType, isInputObjectType, isListType } from 'graphql';
import { importTypes, type RecordType, recordTypes } from '../src/import/format.ts';
import { capitalized } from '../src/lib/text/nouns.ts';
import { schema } from '../src/server/schema.ts';

/** The example of a record type, without its key, and the table of its row. */
export type Example = { type: RecordType; table: string; input: Record<string, unknown> };
/** An example, and the mutation that writes it. */
export type ExampleWrite = Example & { mutation: string };

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

/** Returns the key of a record that exists, by its noun. */
type KeyOf = (noun: string) => object | undefined;

/**
 * Returns the examples of the record types with a customer, except for those that a test writes by hand. So the test
 * covers a new domain, too. The examples leave out references for which `keyOf` returns no key.
 */
export function examplesExcept(isWritten: (example: Example) => boolean, customer: object, keyOf: KeyOf): Example[] {
  return recordTypes.flatMap((type) => {
    const { key: _, ...example } = importTypes[type].example as Record<string, unknown>;
    if (!example.customer) return [];
    const fields = Object.entries(example).flatMap(([name, value]) => {
      if (name === 'customer') return [[name, customer]];
      const given = isReference(value) ? keyOf(name) : value;
      return given === undefined ? [] : [[name, given]];
    });
    const found = { type, table: capitalized(type), input: Object.fromEntries(fields) };
    return isWritten(found) ? [] : [found];
  });
}

/** Returns a write of each example whose record type none of the given mutations writes. */
export function exampleWrites(written: string[], customer: object, keyOf: KeyOf): ExampleWrite[] {
  const isWritten = ({ table }: Example) => written.some((name) => name.endsWith(table));
  return examplesExcept(isWritten, customer, keyOf).map((example) => {
    // `requestReturn` acts on an order; `recordReturn` writes the record.
    const writing = mutations.filter(({ name }) => name.endsWith(example.table));
    const mutation = (writing.find(({ name }) => /^(upsert|record|schedule|suggest)/.test(name)) ?? writing[0])?.name;
    if (mutation === undefined)
      throw new Error(`No mutation writes a record \`${example.type}\`. Its name ends in \`${example.table}\`.`);
    return { ...example, mutation };
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
