import { builder } from '../graphql/builder.ts';
import { encodeId } from '../lib/ids.ts';

builder.prismaObject('Workspace', {
  description: 'One tenant: what a key belongs to, and all that it can reach.',
  authScopes: { scope: 'workspace:read' },
  select: { id: true },
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Its id.', resolve: ({ id }) => encodeId('Workspace', id) }),
    slug: t.exposeString('slug', { description: 'Its short name in commands.' }),
    name: t.exposeString('name', { description: 'Its name for people.' }),
    defaultCountry: t.expose('defaultCountry', {
      type: 'CountryCode',
      nullable: true,
      description: 'How phone numbers without a country code are read. Null: they are refused.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

builder.queryField('workspace', (t) =>
  t.prismaField({
    type: 'Workspace',
    description: 'The workspace of the key that asks.',
    authScopes: { scope: 'workspace:read' },
    resolve: (query, _root, _args, { db, viewer }) =>
      db.workspace.findUniqueOrThrow({ ...query, where: { id: viewer.workspaceId } }),
  }),
);
