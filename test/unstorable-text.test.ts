import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType, isScalarType } from 'graphql';
import { afterAll, expect, it } from 'vitest';
import { jsonl } from '../src/import/formats/jsonl.ts';
import { encodeId } from '../src/lib/ids.ts';
import { schema } from '../src/server/schema.ts';
import { unlimited, useApi } from './api.ts';
import { declare, pass, scalarExamples, selectionOf } from './cross-tenant-values.ts';
import { runImport } from './run-import.ts';

type Path = (string | number)[];
type Place = { path: Path; value: unknown };
type Said = { code: string; reason?: string; message?: string; field?: Path; problems?: Said[] };

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');
const folder = await mkdtemp(join(tmpdir(), 'rapport-unstorable-'));
afterAll(() => rm(folder, { recursive: true }));

const flaws = ['\ud800', 'a\udfffb', 'a\u0000b'];

/** Values of a type, each with the text in one place: in every string, ID, enum, scalar, and JSON key. */
function places(type: GraphQLInputType, text: string, levels = 4): Place[] {
  if (isNonNullType(type)) return places(type.ofType, text, levels);
  if (isListType(type))
    return places(type.ofType, text, levels).map(({ path, value }) => ({ path: [0, ...path], value: [value] }));
  if (isEnumType(type)) return [{ path: [], value: text }];
  if (isScalarType(type)) {
    if (['Boolean', 'Int', 'Float'].includes(type.name)) return [];
    const within = type.name === 'JSON' ? [{ [text]: 1 }, [{ a: text }]] : [];
    return [text, ...within].map((value) => ({ path: [], value }));
  }
  const fields = levels > 0 ? Object.values(type.getFields()) : [];
  const required = fields.filter((field) => isNonNullType(field.type) && !type.isOneOf);
  const others = Object.fromEntries(required.map((field) => [field.name, plain(field.type)]));
  return fields
    .filter(({ name }) => !['AND', 'OR', 'NOT'].includes(name))
    .flatMap(({ name, type }) =>
      places(type, text, levels - 1).map(({ path, value }) => ({
        path: [name, ...path],
        value: { ...others, [name]: value },
      })),
    );
}

function plain(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return plain(type.ofType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.value;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const given = type.isOneOf ? fields.slice(0, 1) : fields.filter((field) => isNonNullType(field.type));
    return Object.fromEntries(given.map((field) => [field.name, plain(field.type)]));
  }
  if (type.name === 'ID') return encodeId('Customer', '01890a5d-ac96-774b-bcce-b302099a8057');
  if (type.name === 'JSON') return {};
  return scalarExamples[type.name] ?? 'x@example.com';
}

/** Returns whether an error names a place: by its path, the list that contains it, or the name inside it. */
function isNamed(said: Said[], path: Path): boolean {
  const wanted = [path, path.slice(0, -1)].filter(({ length }) => length > 0).map((each) => each.join('.'));
  return said
    .flatMap((each) => [each, ...(each.problems ?? [])])
    .map(({ code, field = [] }) => code === 'INVALID_INPUT' && field.join('.'))
    .some((at) => at && (wanted.includes(at) || at.startsWith(`${path.join('.')}.`)));
}

const rootFields = (kind: 'query' | 'mutation') => {
  const type = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  return Object.values(type?.getFields() ?? {}).map((field) => [field.name, kind, field] as const);
};

// An invalid ID in such a list gives null at its position, like an unknown ID.
const fields = [...rootFields('query').filter(([name]) => name !== 'nodes'), ...rootFields('mutation')];

it.each(fields)('%s rejects a text that cannot be stored, and names the place', async (_name, kind, field) => {
  const required = field.args.filter(({ type }) => isNonNullType(type));
  const others = Object.fromEntries(required.map(({ name, type }) => [name, plain(type)]));
  for (const { name, type } of field.args)
    for (const { path, value } of flaws.flatMap((text) => places(type, text))) {
      const variables = { ...others, [name]: value };
      const document = `${kind} ${declare(field.args, variables)} {
        ${field.name}${pass(field.args, variables)} ${selectionOf(field.type, 0)}
      }`;

      const { errors = [] } = await shop.send(document, variables);

      // graphql-js rejects a variable that is not an object, and names only the variable.
      const isVariable = path.length === 0 && errors[0]?.message.startsWith(`Variable "$${name}" got invalid value`);
      const said = errors.map(({ extensions }) => extensions as Said);
      const isSaid = isVariable || isNamed(said, path) || isNamed(said, [name, ...path]);
      expect(isSaid, JSON.stringify([variables, errors])).toBe(true);
    }
  expect(api.faults).toEqual([]);
});

it.each([
  ['customer', 'UpsertCustomerInput'],
  ['product', 'UpsertProductInput'],
  ['order', 'UpsertOrderInput'],
  ['return', 'RecordReturnInput'],
  ['case', 'UpsertCaseInput'],
  ['interaction', 'UpsertInteractionInput'],
  ['preference', 'SetPreferenceInput'],
  ['consent', 'RecordConsentInput'],
  ['surveyResponse', 'RecordSurveyResponseInput'],
])('an imported %s with such a text is rejected as one line that names the place', async (type, input) => {
  const inputType = schema.getType(input) as GraphQLInputType;
  const rows = flaws.flatMap((text) => places(inputType, text));
  const [path, rejectsPath] = [join(folder, `${type}.jsonl`), join(folder, 'rejects.jsonl')];
  await writeFile(path, rows.map(({ value }) => JSON.stringify({ type, ...(value as object) })).join('\n'));

  const summary = await runImport(shop.db, jsonl, [path], { rejectsPath });

  const rejects = (await readFile(rejectsPath, 'utf8')).trimEnd().split('\n');
  // A contact point alone is left out with a warning.
  expect(summary.rowsRefused + summary.warnings).toBe(rows.length);
  expect(rejects.map((reject) => JSON.parse(reject).line).sort((a, b) => a - b)).toEqual(rows.map((_row, i) => i + 1));
  for (const reject of rejects) {
    const said = JSON.parse(reject);
    expect(isNamed([said], rows[said.line - 1]?.path ?? []), reject).toBe(true);
  }
});
