import { builder } from '../graphql/builder.ts';
import { expectedVersion, keyInput } from '../graphql/keys.ts';
import { defineList } from '../graphql/list.ts';
import { defineWrites } from '../graphql/writes.ts';
import { upsertLocation } from './locations.ts';

const scope = 'orders:read';

builder.prismaNode('Location', {
  nullable: true,
  description: 'A branch or shop, so that every place can serve the same customer the same way.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    source: t.exposeString('source', { nullable: true, description: 'The system that named it. Null: none did.' }),
    externalId: t.exposeString('externalId', { nullable: true, description: 'Its id there. Null: it has none.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    timezone: t.expose('timezone', { type: 'TimeZone', nullable: true, description: 'Null: not known.' }),
    countryCode: t.expose('countryCode', { type: 'CountryCode', nullable: true, description: 'Null: not known.' }),
    version: t.exposeInt('version', {
      description: '1, and one more with every change. Pass it as `expectedVersion`.',
    }),
  }),
});

export const LocationKeyInput = keyInput('Location');

defineList('Location', {
  plural: 'locations',
  orderBy: { NAME: { column: 'sortName', description: 'Name, by its letters without case and diacritics.' } },
  direction: 'asc',
}).addToQuery({ name: 'locations', scope, description: 'Branches and shops, by name.' });

const UpsertLocationInput = builder.inputType('UpsertLocationInput', {
  description: 'A branch or shop as it shall be. What is left out stays as it is; null takes it away.',
  fields: (t) => ({
    key: t.field({
      type: LocationKeyInput,
      required: true,
      description: 'Which. An unknown external id makes a new one.',
    }),
    name: t.string({ description: 'Its name. A new one without is called by its external id.' }),
    timezone: t.field({ type: 'TimeZone', description: 'Where its clock stands.' }),
    countryCode: t.field({ type: 'CountryCode', description: 'Where it is.' }),
    expectedVersion: expectedVersion(t),
  }),
});

defineWrites(
  'Location',
  'location',
  'The location as it is afterwards.',
)({
  name: 'upsertLocation',
  scope: 'orders:write',
  input: UpsertLocationInput,
  write: upsertLocation,
  description:
    'Creates the location that the key means, or changes the one there is. INVALID_INPUT, NOT_FOUND for an unknown id.',
});
