import fc from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import { Prisma } from '../src/db/generated/prisma/client.ts';
import { encodeId, isIdType } from '../src/lib/ids.ts';
import { schema } from '../src/server/schema.ts';
import { unlimited, useApi } from './api.ts';
import { scalarExamples, selectionOf } from './cross-tenant-values.ts';
import { dumpOf, marker, rowsOf, writeOneOfEverything } from './dataset.ts';
import { argumentsOf } from './root-fields.ts';

// Number of attempts in this run; on PostgreSQL, as many as a patient attacker would make.
const attempts = { embedded: 2_000, postgres: 22_000 };
const perBurst = 20;

const api = await useApi({ limits: unlimited });
const a = await api.tenant('a');
// Reads with the values of A, and holds nothing similar.
const reader = await api.tenant('reader');
// Writes with the values of A, and so gets texts like those of A.
const writer = await api.tenant('writer');

type Field = GraphQLField<unknown, unknown>;
type Attempt = { field: Field; args: Record<string, unknown> };

const queries = Object.values(schema.getQueryType()?.getFields() ?? {});
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

let foreignIds: string[] = [];
let cursors: string[] = [];
let token = '';

beforeAll(async () => {
  await writeOneOfEverything(a);
  for (const model of Object.values(Prisma.ModelName)) {
    for (const row of await rowsOf(a.db, model))
      if (isIdType(model) && 'id' in row) foreignIds.push(encodeId(model, String(row.id)));
  }
  for (const { name, args } of queries) {
    if (!args.some((arg) => arg.name === 'after')) continue;
    const page = (await a.data(`{ ${name}${argumentsOf(name)} { pageInfo { endCursor } } }`))[name].pageInfo;
    if (page.endCursor) cursors.push(page.endCursor);
  }
  for (const tenant of [reader, writer])
    await tenant.data('mutation { upsertCustomer(input: { key: { email: "own@example.com" } }) { outcome } }');
  token = (
    await reader.data('mutation { createCustomerToken(input: { customer: { email: "own@example.com" } }) { token } }')
  ).createCustomerToken.token;
  foreignIds = [...new Set(foreignIds)];
  cursors = [...new Set(cursors)];
});

/** Any value of a type: one of A, an own one, or an unknown one, with each field present or absent. */
function anyOf(type: GraphQLInputType, name: string, depth = 4): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return anyOf(type.ofType, name, depth);
  if (isListType(type)) return fc.array(anyOf(type.ofType, name, depth - 1), { maxLength: 2 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map((value) => value.name));
  if (!isInputObjectType(type)) return scalarOf(type.name, name);
  const fields = Object.values(type.getFields());
  if (type.isOneOf)
    return fc.oneof(
      ...fields.map((field) => anyOf(field.type, field.name, depth).map((value) => ({ [field.name]: value }))),
    );
  const given = depth > 0 ? fields : fields.filter((field) => isNonNullType(field.type));
  const requiredKeys = given.flatMap((field) => (isNonNullType(field.type) ? [field.name] : []));
  return fc.record(Object.fromEntries(given.map((field) => [field.name, anyOf(field.type, field.name, depth - 1)])), {
    requiredKeys,
  });
}

function scalarOf(type: string, name: string): fc.Arbitrary<unknown> {
  const text = fc.constantFrom(marker, 'marker-of-a@example.com', '+48512345678', 'own@example.com', '%', 'x');
  const scalars: Record<string, fc.Arbitrary<unknown>> = {
    ID: fc.constantFrom(...foreignIds, 'nobody'),
    Int: fc.constantFrom(0, 1, 2, 5, -1),
    Float: fc.constantFrom(0, 0.5, 1),
    Boolean: fc.boolean(),
    DateTime: fc.constantFrom('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'),
    Decimal: fc.constantFrom('1', '2.50', '0'),
    CurrencyCode: fc.constantFrom('PLN', 'GBP'),
    JSON: fc.constantFrom({ [marker]: marker }, [1], null),
  };
  if (name === 'after' || name === 'before') return fc.constantFrom(...cursors);
  if (name === 'value') return fc.oneof(text, fc.constantFrom(...externals));
  return scalars[type] ?? (type in scalarExamples ? fc.constant(scalarExamples[type]) : text);
}

const externals = [
  'customer',
  'product',
  'location',
  'order',
  'payment',
  'return',
  'case',
  'interaction',
  'survey',
].map((kind) => `${marker}-${kind}`);

function attemptOf(fields: Field[]): fc.Arbitrary<Attempt> {
  return fc.constantFrom(...fields).chain((field) => {
    const args = field.args.filter(({ name }) => name !== 'idempotencyKey');
    const requiredKeys = args.flatMap(({ name, type }) => (isNonNullType(type) ? [name] : []));
    const record = Object.fromEntries(args.map(({ name, type }) => [name, anyOf(type, name)]));
    return fc.record(record, { requiredKeys }).map((given) => ({ field, args: given }));
  });
}

// All requests of a burst in one document, each under its own alias.
function documentOf(operation: 'query' | 'mutation', burst: Attempt[]) {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const selections = burst.map(({ field, args }, i) => {
    const passed = field.args
      .filter(({ name }) => name in args)
      .map((arg: GraphQLArgument) => {
        variables[`v${i}_${arg.name}`] = args[arg.name];
        declared.push(`$v${i}_${arg.name}: ${arg.type}`);
        return `${arg.name}: $v${i}_${arg.name}`;
      });
    const list = passed.length > 0 ? `(${passed.join(', ')})` : '';
    return `a${i}: ${field.name}${list} ${selectionOf(field.type, operation === 'query' ? 2 : 1)}`;
  });
  const head = declared.length > 0 ? `(${declared.join(', ')})` : '';
  return { query: `${operation} Burst${head} { ${selections.join('\n')} }`, variables };
}

const ofA = '{ customers { nodes { displayName } } }';
const bursts = Math.ceil((api.isEmbedded ? attempts.embedded : attempts.postgres) / (3 * perBurst));

it('reads, links and changes nothing of A, for any requests with the values of A, even in bursts', async () => {
  await api.flush();
  const [before, own] = [await dumpOf(a), await a.data(ofA)];
  const seed = Math.floor(Math.random() * 2 ** 31);
  const many = (fields: Field[]) => fc.array(attemptOf(fields), { minLength: perBurst, maxLength: perBurst });
  const leaks: unknown[] = [];
  let made = 0;
  for (const [reads, writes] of fc.sample(fc.tuple(many(queries), many(mutations)), { seed, numRuns: bursts })) {
    const [read, write] = [documentOf('query', reads), documentOf('mutation', writes)];
    const [byStranger, byCustomer, byWriter, ours] = await Promise.all([
      reader.send(read.query, read.variables),
      api.sendAs(token, read.query, read.variables),
      writer.send(write.query, write.variables),
      a.send(ofA),
    ]);
    made += 2 * reads.length + writes.length;

    const seen = { read: JSON.stringify([byStranger.data, byCustomer.data]), written: JSON.stringify(byWriter.data) };
    const secrets = [marker, ...foreignIds].filter((secret) => seen.read.includes(secret));
    const ids = foreignIds.filter((id) => seen.written.includes(id));
    if (secrets.length + ids.length > 0) leaks.push({ secrets, ids, reads, writes });
    if (JSON.stringify(ours.data) !== JSON.stringify(own)) leaks.push({ different: ours });
    // No request may cause an internal error either.
    for (const [{ errors = [] }, asked] of [
      [byStranger, reads],
      [byCustomer, reads],
      [byWriter, writes],
    ] as const)
      for (const { extensions, path, message } of errors) {
        const attempt = asked[Number(String(path?.[0]).slice(1))];
        if (extensions.code === 'INTERNAL') leaks.push({ message, name: attempt?.field.name, args: attempt?.args });
      }
  }
  await api.flush();

  expect({ seed, leaks: JSON.parse(JSON.stringify(leaks.slice(0, 5))) }).toEqual({ seed, leaks: [] });
  expect(await dumpOf(a)).toBe(before);
  expect(made).toBeGreaterThanOrEqual(api.isEmbedded ? attempts.embedded : 20_000);
}, 600_000);
