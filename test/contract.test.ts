import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import { contractProblems, readChangeset } from '../scripts/contract.ts';

const released = buildSchema('type Query { customer(id: ID!): Customer } type Customer { name: String! note: String }');
const changeset = (bump: string, text: string) => readChangeset(`---\n'@rapport/sdk': ${bump}\n---\n\n${text}\n`);
const problemsOf = (schema: string, version = '0.1.0', ...changesets: ReturnType<typeof readChangeset>[]) =>
  contractProblems(released, version, buildSchema(schema), changesets);

const withoutNote = 'type Query { customer(id: ID!): Customer } type Customer { name: String! }';

it('accepts additions to the schema', () => {
  expect(
    problemsOf(
      'type Query { customer(id: ID!, at: String): Customer } type Customer { name: String! note: String age: Int }',
    ),
  ).toEqual([]);
});

it('requires a changeset that names each breaking change by its coordinate', () => {
  expect(problemsOf(withoutNote)).toEqual([expect.stringContaining('Customer.note')]);
  expect(problemsOf(withoutNote, '0.1.0', changeset('minor', 'The note is gone.'))).toHaveLength(1);
  expect(
    problemsOf(withoutNote, '0.1.0', changeset('minor', '`Customer.note` is gone: read `Customer.name`.')),
  ).toEqual([]);
});

it('requires a version bump that allows breaking changes', () => {
  const text = '`Customer.note` is gone.';

  expect(problemsOf(withoutNote, '0.1.0', changeset('patch', text))).toHaveLength(1);
  expect(problemsOf(withoutNote, '1.2.0', changeset('minor', text))).toHaveLength(1);
  expect(problemsOf(withoutNote, '1.2.0', changeset('major', text))).toEqual([]);
});

it.each([
  ['a field', 'type Customer { name: String! note: String @deprecated(reason: "REASON") }'],
  ['an argument', 'type Customer { name(short: Boolean @deprecated(reason: "REASON")): String! note: String }'],
  [
    'a value',
    'type Customer { name: String! note: String kind: Kind } enum Kind { OLD @deprecated(reason: "REASON") }',
  ],
  [
    'an input',
    'type Customer { name: String! note(by: By): String } input By { a: Int @deprecated(reason: "REASON") }',
  ],
])('requires a removal date for %s that is deprecated', (_what, types) => {
  const schema = (reason: string) => `type Query { customer(id: ID!): Customer } ${types.replace('REASON', reason)}`;

  expect(problemsOf(schema('Use another.'))).toEqual([expect.stringContaining('Removed after')]);
  expect(problemsOf(schema('Use another. Removed after 2027-05-01.'))).toEqual([]);
});
