import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isLeafType,
  isObjectType,
} from 'graphql';
import { identityNames } from '../src/customer-context/sections/identity-schema.ts';
import { scopeOf } from '../src/graphql/mutations/authorize-mutation.ts';
import { schema } from '../src/server/schema.ts';

const root = schema.getQueryType()?.getFields().customerContext;
if (!root) throw new Error('The schema has no customerContext.');

export const contextType = root.type;

/** A field to select, and the object type below it. `level` counts the rows on the way to that type. */
export type Part = { field: GraphQLField<unknown, unknown>; type: GraphQLObjectType | null; level: number };

/**
 * Returns the fields of a type in a context. Rows lead to other rows, so only the rows of the context and those next to
 * them are selected.
 */
export function partsOf(parent: GraphQLObjectType, level: number): Part[] {
  const isConnection = parent.name.endsWith('Connection');
  return Object.values(parent.getFields()).flatMap((field): Part[] => {
    const type = getNamedType(field.type);
    if (parent.name === 'Customer' && !identityNames.has(field.name)) return [];
    if (isLeafType(type)) return [{ field, type: null, level }];
    if (!isObjectType(type)) return [];
    if (isConnection && field.name !== 'nodes') return [];
    const isRow = type.extensions.pothosPrismaModel !== undefined;
    const within = isRow && !isConnection ? level + 1 : level;
    const isForeign = type.name.endsWith('Connection') && scopeOf(field) !== scopeOf(parent);
    const isDeep = type.name.endsWith('Connection') ? level > 1 : within > 2;
    return isDeep || isForeign ? [] : [{ field, type, level: type.name.endsWith('Connection') ? level + 1 : within }];
  });
}

function wholeOf(type: GraphQLObjectType, level: number): string {
  const fields = partsOf(type, level).map(
    ({ field, type: of, level: within }) => `${field.name} ${of ? wholeOf(of, within) : ''}`,
  );
  return `{ __typename ${fields.join(' ')} }`;
}

const context = getNamedType(contextType as GraphQLOutputType) as GraphQLObjectType;

/** Selection of every field of a context, and of the rows next to its rows. */
export const everything = wholeOf(context, 0);

/** Selection of every field of a context, without the rows next to its rows. */
export const withoutNeighbors = wholeOf(context, 1);
