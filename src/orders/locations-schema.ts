import { builder } from '../graphql/builder.ts';
import { expectedVersion, keyInput } from '../graphql/keys.ts';
import { defineList } from '../graphql/list.ts';
import { defineWrites } from '../graphql/writes.ts';
import { upsertLocation } from './locations.ts';

const scope = 'orders:read';

builder.prismaNode('Location', {
  nullable: true,
  description: 'A branch or shop where customers buy.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Unique ID of the location.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    source: t.exposeString('source', {
      nullable: true,
      description: 'System that `externalId` comes from. Null if the location has no external ID.',
    }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'ID of the location in the system `source`. Null if it has none.',
    }),
    name: t.exposeString('name', { description: 'Name of the branch or shop.' }),
    timezone: t.expose('timezone', {
      type: 'TimeZone',
      nullable: true,
      description: 'Time zone of the location. Null if unknown.',
    }),
    countryCode: t.expose('countryCode', {
      type: 'CountryCode',
      nullable: true,
      description: 'Country of the location. Null if unknown.',
    }),
    version: t.exposeInt('version', {
      description: 'Version number: 1 at first, and 1 more with every change. Pass it as `expectedVersion`.',
    }),
  }),
});

export const LocationKeyInput = keyInput('Location');

defineList('Location', {
  plural: 'locations',
  orderBy: { NAME: { column: 'sortName', description: 'Name, ignoring case and diacritics.' } },
  direction: 'asc',
}).addToQuery({ name: 'locations', scope, description: 'Lists branches and shops, sorted by name.' });

const UpsertLocationInput = builder.inputType('UpsertLocationInput', {
  description: 'Data of a branch or shop to create or update. Omitted fields keep their value; `null` clears them.',
  fields: (t) => ({
    key: t.field({
      type: LocationKeyInput,
      required: true,
      description: 'Key of the location. An unknown external ID creates a new location.',
    }),
    name: t.string({ description: 'Name of the branch or shop. Defaults to the external ID.' }),
    timezone: t.field({ type: 'TimeZone', description: 'IANA time zone of the location.' }),
    countryCode: t.field({ type: 'CountryCode', description: 'Country of the location, as an ISO 3166-1 code.' }),
    expectedVersion: expectedVersion(t),
  }),
});

defineWrites(
  'Location',
  'location',
  'The location after the write.',
)({
  name: 'upsertLocation',
  scope: 'orders:write',
  input: UpsertLocationInput,
  write: upsertLocation,
  description:
    'Creates or updates the location identified by `key`. Fails with `INVALID_INPUT` for invalid data, or with ' +
    '`NOT_FOUND` for an unknown ID.',
});
