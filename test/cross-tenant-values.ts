import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { type IdType, isIdType } from '../src/lib/ids.ts';
import { marker } from './dataset.ts';

/** A value for each scalar that is not a string, ID or JSON. */
export const scalarExamples: Record<string, unknown> = {
  Int: 1,
  Float: 1,
  Boolean: true,
  DateTime: '2026-01-01T00:00:00Z',
  Decimal: '1',
  CurrencyCode: 'PLN',
  CountryCode: 'PL',
  Locale: 'pl',
  TimeZone: 'Europe/Warsaw',
  LocalTime: '22:00',
};

/** IDs and external IDs of the other tenant by type, and cursors of its lists by field. */
export type CrossTenantValues = {
  ids: Map<IdType, string>;
  externalIds: Map<IdType, { source: unknown; value: unknown }>;
  cursors: Map<string, string>;
};

/** Selects everything allowed of a type, including lists and unions, down to a number of levels. */
export function selectionOf(
  type: GraphQLOutputType,
  depth: number,
  isAllowed: (field: GraphQLField<unknown, unknown>) => boolean = () => true,
): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (isUnionType(named))
    return `{ __typename ${named
      .getTypes()
      .map((each) => `... on ${each.name} { id }`)
      .join(' ')} }`;
  if (!isObjectType(named)) return '{ __typename id }';
  const fields = Object.values(named.getFields()).flatMap((field) => {
    if (!isAllowed(field)) return [];
    const of = getNamedType(field.type);
    if (isLeafType(of)) return [field.name];
    return depth > 0 && !['edges', 'interactions', 'cases', 'fact'].includes(field.name)
      ? [`${field.name} ${selectionOf(field.type, depth - 1, isAllowed)}`]
      : [];
  });
  return `{ __typename ${fields.join(' ')} }`;
}

/** Argument sets that together put each foreign value in each place. */
export function combinations(
  foreign: CrossTenantValues,
  args: readonly GraphQLArgument[],
  list: string,
): Record<string, unknown>[] {
  const required = args.filter((arg) => isNonNullType(arg.type));
  if (required.length > 0) {
    const any = Object.fromEntries(required.map((arg) => [arg.name, valuesOf(foreign, arg.type)[0]]));
    return required.flatMap((arg) => valuesOf(foreign, arg.type).map((value) => ({ ...any, [arg.name]: value })));
  }
  const where = args.find((arg) => arg.name === 'where');
  const filters = where ? valuesOf(foreign, where.type).map((value) => ({ where: value })) : [];
  const paged = foreign.cursors.has(list)
    ? [{ after: foreign.cursors.get(list) }, { before: foreign.cursors.get(list) }]
    : [];
  return [{}, ...filters, ...paged];
}

export function declare(args: readonly GraphQLArgument[], values: object): string {
  const given = args.filter(({ name }) => name in values);
  return given.length > 0 ? `(${given.map(({ name, type }) => `$${name}: ${type}`).join(', ')})` : '';
}

export function pass(args: readonly GraphQLArgument[], values: object): string {
  const given = args.filter(({ name }) => name in values);
  return given.length > 0 ? `(${given.map(({ name }) => `${name}: $${name}`).join(', ')})` : '';
}

// Foreign values for one type: for a key, each way to identify the record of A; for another input, one field at a time.
function valuesOf(foreign: CrossTenantValues, type: GraphQLInputType): unknown[] {
  if (isNonNullType(type)) return valuesOf(foreign, type.ofType);
  if (isListType(type)) return valuesOf(foreign, type.ofType).map((value) => [value]);
  if (isEnumType(type)) return [type.getValues()[0]?.name];
  if (!isInputObjectType(type)) return [scalarOf(foreign, type.name)];
  if (type.name === 'CustomerKey') {
    return [
      { id: foreign.ids.get('Customer') },
      { email: 'marker-of-a@example.com' },
      { phone: '512345678' },
      { externalId: { source: marker, value: `${marker}-customer` } },
    ];
  }
  const keyed = /^(.+)Key$/.exec(type.name)?.[1];
  if (keyed && isIdType(keyed)) return [{ id: foreign.ids.get(keyed) }, { externalId: foreign.externalIds.get(keyed) }];
  if (type.name.endsWith('Filter'))
    return Object.values(type.getFields()).map((field) => ({
      ...requiredOf(foreign, type.getFields()),
      [field.name]: filterValue(foreign, field),
    }));
  return Object.values(type.getFields())
    .filter(({ name }) => !['AND', 'OR', 'NOT'].includes(name))
    .flatMap((field) =>
      (field.name.endsWith('Id') ? [...foreign.ids.values()] : valuesOf(foreign, field.type)).map((value) => ({
        [field.name]: value,
      })),
    );
}

function requiredOf(foreign: CrossTenantValues, fields: Record<string, GraphQLInputField>): object {
  return Object.fromEntries(
    Object.values(fields).flatMap((field) =>
      isNonNullType(field.type) ? [[field.name, filterValue(foreign, field)]] : [],
    ),
  );
}

function filterValue(foreign: CrossTenantValues, { name, type }: GraphQLInputField): unknown {
  if (name === 'productId') return foreign.ids.get('Product');
  if (name === 'key') return `${marker}-key`;
  return valuesOf(foreign, type)[0];
}

/**
 * Complete inputs for a mutation. All fields are set, and each place that identifies a record gets every foreign key in
 * turn.
 */
export function inputsOf(foreign: CrossTenantValues, type: GraphQLInputType): unknown[] {
  const input = isNonNullType(type) ? type.ofType : type;
  if (!isInputObjectType(input)) throw new Error(`${type} is not an input type.`);
  const fields = Object.values(input.getFields());
  const full = Object.fromEntries(fields.map((field) => [field.name, plain(foreign, field)]));
  const variations = fields.flatMap((field) =>
    getNamedType(field.type).name.endsWith('Key') || getNamedType(field.type).name === 'ID'
      ? valuesOrIds(foreign, field).map((value) => ({ ...full, [field.name]: value }))
      : [],
  );
  // Once with the writer's own customer, so that the other references are reached at all.
  const own = { email: 'own@example.com' };
  return variations.flatMap((each) => ('customer' in each ? [each, { ...each, customer: own }] : [each]));
}

function valuesOrIds(foreign: CrossTenantValues, field: GraphQLInputField): unknown[] {
  return getNamedType(field.type).name === 'ID' ? [...foreign.ids.values()] : valuesOf(foreign, field.type);
}

function plain(foreign: CrossTenantValues, field: GraphQLInputField): unknown {
  if (field.name === 'lines' && String(field.type).includes('OrderLineInput')) {
    return [{ product: { id: foreign.ids.get('Product') }, sku: marker, quantity: 1, unitPrice: '1' }];
  }
  if (field.name === 'lines' && String(field.type).includes('ReturnLineInput'))
    return [{ orderLine: foreign.ids.get('OrderLine'), quantity: 1 }];
  const named = getNamedType(field.type);
  if (
    !isNonNullType(field.type) &&
    (isInputObjectType(named) || ['total', 'discount', 'completesOrder'].includes(field.name))
  )
    return undefined;
  return named.name === 'ID'
    ? foreign.ids.get('Customer')
    : field.name === 'value' && isInputObjectType(named)
      ? { string: 'x' }
      : valuesOf(foreign, field.type)[0];
}

function scalarOf(foreign: CrossTenantValues, name: string): unknown {
  if (name === 'ID') return foreign.ids.get('Customer');
  if (name === 'JSON') return { marker };
  return scalarExamples[name] ?? marker;
}
