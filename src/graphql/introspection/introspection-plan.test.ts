import fc from 'fast-check';
import {
  execute,
  GraphQLBoolean,
  type GraphQLObjectType,
  getNamedType,
  introspectionTypes,
  isObjectType,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../../server/schema.ts';
import { operationOf } from '../documents/operation.ts';
import { introspectionPlan } from './introspection-plan.ts';

const typeNamed = (name: string) => introspectionTypes.find((type) => type.name === name) as GraphQLObjectType;
const names = ['Order', 'CustomerWhere', 'ErrorCode', 'Node', 'DateTime', 'Nothing'];

const directive = fc.constantFrom('', '', '', '@skip(if: $on)', '@include(if: $on)', '@skip(if: true)');
const alias = fc.constantFrom('', '', 'a: ', 'b: ');

// Some selections within conflict or select nothing; those documents are left out below.
function selections(type: GraphQLObjectType, levels: number): fc.Arbitrary<string> {
  const field = fc.constantFrom(...Object.values(type.getFields())).chain((field) => {
    const within = getNamedType(field.type);
    const takesDeprecated = field.args.some((each) => getNamedType(each.type) === GraphQLBoolean);
    const args = takesDeprecated
      ? fc.constantFrom('', '(includeDeprecated: true)', '(includeDeprecated: $on)')
      : fc.constant('');
    const set = isObjectType(within)
      ? levels > 0
        ? selections(within, levels - 1)
        : fc.constant('{ __typename }')
      : fc.constant('');
    return fc
      .tuple(alias, args, directive, set)
      .map(([as, given, on, inner]) => `${as}${field.name}${given} ${on} ${inner}`);
  });
  const fragment =
    levels > 0 &&
    fc
      .tuple(directive, fc.nat(1))
      .chain(([on, isTyped]) =>
        selections(type, levels - 1).map((set) => `...${isTyped ? ` on ${type.name}` : ''} ${on} ${set}`),
      );
  const spread = type.name === '__Type' ? [fc.constant('...Described')] : [];
  const one = fc.oneof(field, field, fc.constant('__typename'), ...(fragment ? [fragment] : []), ...spread);
  return fc.array(one, { minLength: 1, maxLength: 4 }).map((all) => `{ ${all.join(' ')} }`);
}

const root = fc.oneof(
  selections(typeNamed('__Schema'), 3).map((set) => `__schema ${set}`),
  fc
    .tuple(fc.constantFrom(...names), selections(typeNamed('__Type'), 4))
    .map(([name, set]) => `__type(name: "${name}") ${set}`),
);
const document = fc
  .tuple(fc.array(fc.tuple(alias, directive, root), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([roots, on]) => {
    const fields = roots.map(([as, directive, field]) => `${as}${field.replace(/ \{/, ` ${directive} {`)}`).join(' ');
    const fragment = 'fragment Described on __Type { name description ofType { kind ofType { name } } }';
    return { text: `query ($on: Boolean = true) { ${fields} } ${fragment}`, on };
  });

it('answers any introspection as graphql-js does, and counts its objects', () => {
  let compared = 0;
  const rules = specifiedRules.filter(({ name }) => !/Unused/.test(name));
  fc.assert(
    fc.property(document, ({ text, on }) => {
      const parsed = parse(text);
      fc.pre(validate(schema, parsed, rules).length === 0);
      const running = operationOf(parsed, null);
      const plan = running && introspectionPlan(schema, running, { on });
      const { data } = execute({ schema, document: parsed, variableValues: { on } }) as { data: object };
      const expected = JSON.stringify(data);

      expect(plan?.json(schema)).toBe(expected);
      expect(plan?.objectsIn(schema)).toBe(objectsOf(data) - 1);
      compared += 1;
    }),
    { numRuns: 150 },
  );
  expect(compared).toBeGreaterThan(100);
});

function objectsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum, each) => sum + objectsOf(each), Array.isArray(value) ? 0 : 1);
}
