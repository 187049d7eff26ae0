import { builder } from '../graphql/builder.ts';
import { describedEnum } from '../graphql/enums.ts';
import { defineList } from '../graphql/list.ts';
import { PurposeEnum } from '../graphql/purposes.ts';
import { defineMutation, defineWrites } from '../graphql/writes.ts';
import { encodeId } from '../lib/ids.ts';
import { maxPageSize } from '../lib/limits.ts';
import { createApiKey, revokeApiKey } from './api-keys.ts';

const Kind = describedEnum('ApiKeyKind', 'Who holds a key.', {
  SECRET: 'A server.',
  AGENT: 'An agent, whose name it carries.',
});

builder.prismaNode('ApiKey', {
  nullable: true,
  description: 'What a caller shows to be let in. Its secret is shown once, when it is made, and kept nowhere.',
  authScopes: { scope: 'keys:read' },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is for, or the agent’s name.' }),
    kind: t.expose('kind', { type: Kind, description: 'Who holds it.' }),
    beginning: t.string({
      description: 'How its secret begins, which tells it from others: "rapport_170c02e23347".',
      select: { prefix: true },
      resolve: ({ prefix }) => `rapport_${prefix}`,
    }),
    scopes: t.exposeStringList('scopes', { description: 'What it may do: "orders:read".' }),
    purposes: t.expose('purposes', { type: [PurposeEnum], description: 'What it may read for. Empty: anything.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on it is refused. Null: never.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is refused. Null: it was not revoked.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it or a token it made was last shown, a minute late at most. Null: never.',
    }),
  }),
});

defineList('ApiKey', {
  plural: 'keys',
  orderBy: { CREATED_AT: { column: 'createdAt', description: 'When it was made.' } },
  direction: 'desc',
}).addToQuery({ name: 'apiKeys', scope: 'keys:read', description: 'The keys of the workspace, newest first.' });

const ViewerLimits = builder.simpleObject('ViewerLimits', {
  description: 'What one request may ask for, at most.',
  fields: (t) => ({
    cost: t.int({ description: 'Points: one for each object, times the page size within a list.' }),
    depth: t.int({ description: 'Levels of fields.' }),
    tokens: t.int({ description: 'Lexical tokens of the document.' }),
    aliases: t.int({ description: 'Aliases, those of a fragment once for each spread.' }),
    directives: t.int({ description: 'Directives, those of a fragment once for each spread.' }),
    mutations: t.int({ description: 'Fields of a mutation.' }),
    costPerMinute: t.int({ description: 'Points that this key may spend in a minute, over all its requests.' }),
    pageSize: t.int({ description: 'Rows of a page.' }),
  }),
});

const CredentialKind = describedEnum('CredentialKind', 'What a request was let in by.', {
  SECRET: 'The key of a server.',
  AGENT: 'The key of an agent, whose name it carries.',
  CUSTOMER: 'A token of a customer, made by a key.',
});

const Viewer = builder.simpleObject('Viewer', {
  description: 'Who asks: the key or token of this request.',
  fields: (t) => ({
    keyId: t.id({ description: 'The id of the key; of a token, the one that made it.' }),
    keyName: t.string({ description: 'What it is for, or the agent’s name.' }),
    kind: t.field({ type: CredentialKind, description: 'What they were let in by.' }),
    customerId: t.id({ nullable: true, description: 'Whose token it is. Null: a key asks.' }),
    scopes: t.stringList({ description: 'What it may do.' }),
    purposes: t.field({ type: [PurposeEnum], description: 'What it may read for. Empty: anything.' }),
    purpose: t.field({
      type: PurposeEnum,
      nullable: true,
      description: 'What this request is for, by its header `X-Rapport-Purpose` or its key. Null: nothing was said.',
    }),
    limits: t.field({ type: ViewerLimits, description: 'What one request may ask for.' }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'Who asks, and what they may. Any key may know this of itself.',
    authScopes: { anyKey: true },
    resolve: (_root, _args, { viewer: { keyId, keyName, kind, customerId, scopes, purposes }, purpose, limits }) => ({
      keyId: encodeId('ApiKey', keyId),
      keyName,
      kind,
      customerId: customerId && encodeId('Customer', customerId),
      scopes: [...scopes],
      purposes,
      purpose,
      limits: { ...limits, pageSize: maxPageSize },
    }),
  }),
);

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'A key to make.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is for, or the agent’s name.' }),
    kind: t.field({ type: Kind, description: 'Who holds it. Unless told, as with the key that asks.' }),
    scopes: t.stringList({
      description:
        'What it may do; none that the key that asks lacks. Unless told, read all that this one may but keys.',
    }),
    purposes: t.field({
      type: [PurposeEnum],
      description:
        'What it may read for; requests must say which. Unless told, as with the key that asks; empty: anything.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'From when on it is refused; in the future. Left out: when the key that asks is.',
    }),
  }),
});

const CreateApiKeyPayload = builder.objectRef<{ id: string; secret: string }>('CreateApiKeyPayload').implement({
  description: 'A key that was made.',
  fields: (t) => ({
    apiKey: t.prismaField({
      type: 'ApiKey',
      description: 'The key.',
      resolve: (query, { id }, _args, { db: { apiKey, workspaceId } }) =>
        apiKey.findUniqueOrThrow({ ...query, where: { workspaceId_id: { workspaceId, id } } }),
    }),
    secret: t.exposeString('secret', {
      description: 'Send it as `Authorization: Bearer …`. It is shown this once.',
    }),
  }),
});

defineMutation({
  name: 'createApiKey',
  type: CreateApiKeyPayload,
  scope: 'keys:write',
  input: CreateApiKeyInput,
  write: (db, input, { viewer }) => createApiKey(db, input, viewer),
  description:
    'Makes a key. INVALID_INPUT for an unknown scope, FORBIDDEN for what the key that asks lacks: a scope, a purpose, a longer life, or ' +
    'a server’s key where it is an agent’s. CONFLICT where it was made by the same idempotency key: its secret was shown then.',
});

defineWrites(
  'ApiKey',
  'apiKey',
  'The key as it is afterwards.',
)({
  name: 'revokeApiKey',
  scope: 'keys:write',
  input: builder.inputType('RevokeApiKeyInput', {
    description: 'A key to revoke.',
    fields: (t) => ({ id: t.id({ required: true, description: 'Which.' }) }),
  }),
  write: revokeApiKey,
  description:
    'Refuses a key from the next request on. NOOP where it was revoked before, NOT_FOUND where there is none.',
});
