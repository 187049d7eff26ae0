import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import SimpleObjectsPlugin from '@pothos/plugin-simple-objects';
import { getNamedType } from 'graphql';
import { datamodel } from '../db/datamodel.ts';
import type PrismaTypes from '../db/generated/pothos.ts';
import { invalid, missingScope } from '../lib/errors.ts';
import { decodeId, encodeId, isIdType, wrongId } from '../lib/ids.ts';
import type { Amount } from '../lib/money.ts';
import type { Context } from './context.ts';
import { scopeOf } from './mutations/authorize-mutation.ts';
import './personal-data/pii.ts';
import { valueObject } from './cost/points.ts';

/** Argument of the `fields` function of an input type. */
export type InputFields = PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

/** Argument of the `args` function of a field. */
export type ArgBuilder = Pick<PothosSchemaTypes.FieldBuilder<typeof builder.$inferSchemaTypes, unknown>, 'arg'>;

/** Argument of the `fields` function of an object type whose objects have this shape. */
export type ObjectFields<Shape> = PothosSchemaTypes.ObjectFieldBuilder<typeof builder.$inferSchemaTypes, Shape>;

export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: false;
  /** `anyKey` accepts every valid key, regardless of its scopes. */
  AuthScopes: { scope: string; anyKey: boolean };
  Objects: { Money: { amount: { toString(): string }; currencyCode: string } };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    Decimal: { Input: string; Output: string | Amount };
    CurrencyCode: { Input: string; Output: string };
    CountryCode: { Input: string; Output: string };
    Locale: { Input: string; Output: string };
    TimeZone: { Input: string; Output: string };
    LocalTime: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
    PreferenceValue: { Input: never; Output: string | number | boolean | string[] };
  };
}>({
  plugins: [ScopeAuthPlugin, 'pii', RelayPlugin, PrismaPlugin, SimpleObjectsPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: ({ viewer }) => ({ scope: (scope) => viewer.scopes.has(scope), anyKey: true }),
    unauthorizedError: (_parent, { viewer }, { parentType, fieldName }) => {
      const field = parentType.getFields()[fieldName];
      const declared = [parentType, field, field && getNamedType(field.type)].map(scopeOf);
      const missing = declared.find((scope) => scope !== undefined && !viewer.scopes.has(scope)) ?? '';
      return missingScope(missing, `which ${parentType.name}.${fieldName} requires`);
    },
  },
  relay: {
    encodeGlobalID: (type, id) => (isIdType(type) ? encodeId(type, String(id)) : String(id)),
    decodeGlobalID: (globalId) => {
      const decoded = decodeId(globalId);
      if (!decoded) throw invalid(wrongId(globalId), 'id');
      return { typename: decoded.type, id: decoded.uuid };
    },
    cursorType: 'String',
    idFieldOptions: { description: 'Global ID, prefixed with the type.' },
    nodeTypeOptions: { description: 'Object with a global ID.' },
    pageInfoTypeOptions: { description: 'Position of a page in its list.', extensions: valueObject },
    hasNextPageFieldOptions: { description: 'Whether more items follow this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether more items precede this page.' },
    startCursorFieldOptions: {
      description: 'Cursor of the first item, to pass as `before`. Null if the page is empty.',
    },
    endCursorFieldOptions: { description: 'Cursor of the last item, to pass as `after`. Null if the page is empty.' },
    // nodes.ts defines these queries.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
  },
  prisma: { client: ({ db }) => db, dmmf: datamodel, onUnusedQuery: null },
});

builder.queryType({ description: 'Read operations. An API key can read only its own workspace.' });
builder.mutationType({
  description:
    'Write operations. Each mutation is a transaction that succeeds or fails as a whole. A request runs its ' +
    'mutations in order. A failed mutation returns null, with an error that names it in `path`; the others still run ' +
    'and return their data.',
});
