import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import SimpleObjectsPlugin from '@pothos/plugin-simple-objects';
import type PrismaTypes from '../db/generated/pothos.ts';
import { getDatamodel } from '../db/generated/pothos.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { decodeId, encodeId, isIdType, wrongId } from '../lib/ids.ts';
import type { Amount } from '../lib/money.ts';
import type { Context } from './context.ts';
import './pii.ts';

/** What the `fields` function of an input type is given. */
export type InputFields = PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: false;
  /** `anyKey` is for what concerns nobody but the key that asks. */
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
  };
}>({
  plugins: [ComplexityPlugin, ScopeAuthPlugin, 'pii', RelayPlugin, PrismaPlugin, SimpleObjectsPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: ({ viewer }) => ({ scope: (scope) => viewer.scopes.has(scope), anyKey: true }),
    unauthorizedError: (_parent, _context, info) =>
      new DomainError('FORBIDDEN', `This key may not see ${info.parentType.name}.${info.fieldName}.`),
  },
  relay: {
    encodeGlobalID: (type, id) => (isIdType(type) ? encodeId(type, String(id)) : String(id)),
    decodeGlobalID: (globalId) => {
      const decoded = decodeId(globalId);
      if (!decoded) throw invalid(wrongId(globalId), 'id');
      return { typename: decoded.type, id: decoded.uuid };
    },
    cursorType: 'String',
    idFieldOptions: { description: 'Ours, with the type before it.' },
    nodeTypeOptions: { description: 'Anything that has an id.' },
    pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
    hasNextPageFieldOptions: { description: 'Whether the list goes on behind the page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there is anything before the page.' },
    startCursorFieldOptions: { description: 'Of the first of the page, for `before`. Null: the page is empty.' },
    endCursorFieldOptions: { description: 'Of the last of the page, for `after`. Null: the page is empty.' },
    // Of our own: nodes.ts.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
  },
  prisma: { client: ({ db }) => db, dmmf: getDatamodel(), onUnusedQuery: null },
});

builder.queryType({ description: 'Everything that can be read. One key reads one workspace.' });
builder.mutationType({
  description:
    'Everything that can be written. Each mutation is one transaction: all of it or nothing. A request runs its mutations in ' +
    'order. One that fails is null, with an error that names it in `path`; the others still run and return their data.',
});
