import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type GraphQLUnionType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { randomGenerator } from './random.ts';

type Drawing = ReturnType<typeof randomGenerator>;

/** What a random query draws from: values by the name of their scalar or field, and cursors by response path. */
export type Pool = {
  ids: string[];
  texts: string[];
  numbers: number[];
  times: string[];
  /** Arguments of fields of `Query` that must find something, by field. */
  required: Record<string, Record<string, unknown>[]>;
};

/** Draws a valid query of these fields of `Query`: random selections, pages, filters, aliases, fragments, directives. */
export function randomQuery(schema: GraphQLSchema, roots: string[], pool: Pool, draw: Drawing): string {
  const fragments: string[] = [];
  let aliases = 0;
  const query = schema.getQueryType();
  if (!query) throw new Error('The schema has no queries.');

  function selection(type: GraphQLOutputType, depth: number): string {
    const named = getNamedType(type);
    if (isLeafType(named)) return '';
    if (isInterfaceType(named) || isUnionType(named)) return abstractSelection(named, depth);
    if (!isObjectType(named)) return '';
    const fields = Object.values(named.getFields());
    const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)));
    const objects = fields.filter((field) => !isLeafType(getNamedType(field.type)));
    const chosen = [...draw.times(5, () => draw.one(leaves.length > 0 ? leaves : fields))];
    const isPage = named.name.endsWith('Connection') || named.name.endsWith('Edge');
    if (depth > 0 && objects.length > 0)
      for (let i = draw.below(3) + (isPage ? 1 : 0); i > 0; i--) chosen.push(draw.one(objects));
    const parts = chosen.map((field) => one(field, depth, `a${aliases++}`));
    const body = `{ __typename ${parts.join(' ')} }`;
    if (draw.below(8) > 0) return body;
    fragments.push(`fragment F${fragments.length} on ${named.name} ${body}`);
    return `{ ...F${fragments.length - 1} ${draw.below(2) > 0 ? `... on ${named.name} ${body}` : ''} }`;
  }

  // Selects what all types of an interface share, and more of three of them.
  function abstractSelection(type: GraphQLInterfaceType | GraphQLUnionType, depth: number): string {
    const types = schema.getPossibleTypes(type);
    const within = Array.from({ length: 3 }, () => draw.one(types));
    const shared = isInterfaceType(type) ? 'id' : '';
    return `{ __typename ${shared} ${within.map((each) => `... on ${each.name} ${selection(each, depth)}`).join(' ')} }`;
  }

  function one(field: GraphQLField<unknown, unknown>, depth: number, alias: string): string {
    // Fields with equal names need an alias, because their arguments differ.
    const args = argumentsOf(field.args);
    const directive = ['', '', '', '', ' @include(if: $yes)', ' @skip(if: $no)', ' @include(if: $no)'][draw.below(7)];
    return `${alias}: ${field.name}${args}${directive} ${selection(field.type, depth - 1)}`;
  }

  function argumentsOf(args: readonly GraphQLArgument[]): string {
    const given = args.flatMap((arg) => {
      if (arg.name === 'last' || arg.name === 'after' || arg.name === 'before') return [];
      if (arg.name === 'first') return draw.below(3) > 0 ? [`first: ${draw.below(4)}`] : [];
      if (arg.name === 'limit') return draw.below(2) > 0 ? [`limit: ${1 + draw.below(5)}`] : [];
      return isNonNullType(arg.type) || draw.below(3) === 0 ? [`${arg.name}: ${literal(arg.type, arg.name, 2)}`] : [];
    });
    const isPage = args.some(({ name }) => name === 'last');
    const paged = isPage && draw.below(4) === 0 ? [`last: ${draw.below(4)}`] : [];
    const all = paged.length > 0 ? [...given.filter((each) => !each.startsWith('first')), ...paged] : given;
    return all.length > 0 ? `(${all.join(', ')})` : '';
  }

  function literal(type: GraphQLInputType, name: string, depth: number): string {
    if (isNonNullType(type)) return literal(type.ofType, name, depth);
    if (isListType(type)) return `[${draw.times(2, () => literal(type.ofType, name, depth)).join(', ')}]`;
    if (isEnumType(type)) return draw.one(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        ({ name }) => depth > 0 || !['AND', 'OR', 'NOT'].includes(name),
      );
      const needed = fields.filter((field) => isNonNullType(field.type));
      const optional = type.isOneOf
        ? [draw.one(fields)]
        : draw.times(needed.length > 0 ? 1 : 2, () => draw.one(fields));
      const chosen = new Set([...needed, ...optional]);
      return `{ ${[...chosen].map((field) => `${field.name}: ${literal(field.type, field.name, depth - 1)}`).join(', ')} }`;
    }
    if (type.name === 'Boolean') return String(draw.below(2) > 0);
    if (type.name === 'Int') return String(draw.one(pool.numbers));
    if (type.name === 'DateTime') return JSON.stringify(draw.one(pool.times));
    if (type.name === 'Decimal') return JSON.stringify(String(draw.one(pool.numbers)));
    if (type.name === 'Locale') return JSON.stringify(draw.one(['pl', 'uk-UA', 'en-US', 'de']));
    if (type.name === 'CurrencyCode') return JSON.stringify(draw.one(['EUR', 'PLN', 'KWD']));
    if (type.name === 'ID') return JSON.stringify(draw.one(pool.ids));
    return JSON.stringify(draw.one(pool.texts));
  }

  const parts = draw.times(1, () => draw.one(roots)).concat(draw.one(roots));
  const body = parts.map((name, i) => {
    const field = query.getFields()[name];
    const given = pool.required[name];
    if (!field) throw new Error(`Query has no field ${name}.`);
    const args = given ? `(${inputOf(draw.one(given))})` : argumentsOf(field.args);
    return `q${i}: ${name}${args} ${selection(field.type, 4)}`;
  });
  return `query ($yes: Boolean = true, $no: Boolean = false) { __typename @include(if: $yes) @skip(if: $no) ${body.join(' ')} } ${fragments.join(' ')}`;
}

function inputOf(value: Record<string, unknown>): string {
  const text = (each: unknown): string => {
    if (typeof each !== 'object' || each === null) return JSON.stringify(each);
    if (Array.isArray(each)) return `[${each.map(text).join(', ')}]`;
    return `{ ${inputOf({ ...each })} }`;
  };
  return Object.entries(value)
    .map(([name, each]) => `${name}: ${text(each)}`)
    .join(', ');
}
