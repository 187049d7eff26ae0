import { builder } from '../graphql/builder.ts';
import { rowField } from '../graphql/sql/row-field.ts';
import { encodeId } from '../lib/ids.ts';

builder.prismaObject('Workspace', {
  description: 'Tenant that an API key belongs to. A key can access data only in its own workspace.',
  authScopes: { scope: 'workspace:read' },
  select: { id: true },
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'ID of the workspace.', resolve: ({ id }) => encodeId('Workspace', id) }),
    slug: t.exposeString('slug', { description: 'Short name used in commands.' }),
    name: t.exposeString('name', { description: 'Display name of the workspace.' }),
    defaultCountry: t.expose('defaultCountry', {
      type: 'CountryCode',
      nullable: true,
      description: 'Country assumed for phone numbers without a country code. Null if such numbers are rejected.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the workspace was created.' }),
  }),
});

builder.queryField('workspace', (t) =>
  t.prismaField({
    type: 'Workspace',
    description: 'Returns the workspace of the key you are using.',
    authScopes: { scope: 'workspace:read' },
    extensions: { query: rowField('Workspace', (_args, { viewer }) => ({ id: viewer.workspaceId })) },
    resolve: (query, _root, _args, { db, viewer }) =>
      db.workspace.findUniqueOrThrow({ ...query, where: { id: viewer.workspaceId } }),
  }),
);
