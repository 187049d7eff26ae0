import { builder } from '../../graphql/builder.ts';
import { recordFields } from '../../graphql/fields/record-fields.ts';
import { defineList } from '../../graphql/lists/list.ts';
import { defineWrites } from '../../graphql/mutations/define-mutation.ts';
import { expectedVersion, keyInput } from '../../graphql/mutations/keys.ts';
import { upsertLocation } from './locations.ts';

const scope = 'orders:read';
const common = recordFields('location');

builder.prismaNode('Location', {
  nullable: true,
  description: 'Branch or shop where customers buy.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the location.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    source: t.exposeString('source', common.source),
    externalId: t.exposeString('externalId', common.externalId),
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
    version: t.exposeInt('version', common.version),
  }),
});

defineList('Location', {
  plural: 'locations',
  orderBy: { NAME: { column: 'sortName', description: 'Name, ignoring case and diacritics.' } },
  direction: 'asc',
}).addToQuery({ name: 'locations', scope, description: 'Lists branches and shops, sorted by name.' });

const UpsertLocationInput = builder.inputType('UpsertLocationInput', {
  description: 'Branch or shop to create or update. Omitted fields keep their value; `null` clears them.',
  fields: (t) => ({
    key: t.field({
      type: keyInput('Location'),
      required: true,
      description: 'Key of the location. An unknown external ID creates a new location.',
    }),
    name: t.string({ description: 'Name of the branch or shop. Defaults to the external ID.' }),
    timezone: t.field({ type: 'TimeZone', description: 'Time zone of the location.' }),
    countryCode: t.field({ type: 'CountryCode', description: 'Country of the location.' }),
    expectedVersion: expectedVersion(t),
  }),
});

defineWrites(
  'Location',
  'location',
  'The location, as it is after the write.',
)({
  name: 'upsertLocation',
  scope: 'orders:write',
  input: UpsertLocationInput,
  write: upsertLocation,
  description:
    'Creates or updates the location identified by `key`. Fails with `INVALID_INPUT` for invalid data, or with ' +
    '`NOT_FOUND` for an unknown ID.',
});
