import { builder } from '../graphql/builder.ts';
import { valueObject } from '../graphql/cost/points.ts';
import { describedEnum } from '../graphql/enums/described-enum.ts';
import { PurposeEnum } from '../graphql/enums/purposes.ts';
import { defineList } from '../graphql/lists/list.ts';
import { defineMutation, defineWrites } from '../graphql/mutations/define-mutation.ts';
import { encodeId } from '../lib/ids.ts';
import { maxPageSize } from '../lib/limits.ts';
import { createApiKey, revokeApiKey } from './api-keys.ts';

const Kind = describedEnum('ApiKeyKind', 'Kind of client that holds an API key.', {
  SECRET: 'Key held by a server.',
  AGENT: 'Key held by an agent and named after the agent.',
});

builder.prismaNode('ApiKey', {
  nullable: true,
  description: 'Credential that authenticates a caller. Its secret is shown once, on creation, and is not stored.',
  authScopes: { scope: 'keys:read' },
  id: { resolve: ({ id }) => id, description: 'ID of the API key.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'Name that says what the key is for. For an agent key, the name of the agent.',
    }),
    kind: t.expose('kind', { type: Kind, description: 'Kind of client that holds the key.' }),
    beginning: t.string({
      description: 'First characters of the secret, such as "rapport_170c02e23347". They identify the key.',
      select: { prefix: true },
      resolve: ({ prefix }) => `rapport_${prefix}`,
    }),
    scopes: t.exposeStringList('scopes', { description: 'Scopes of the key, such as "orders:read".' }),
    purposes: t.expose('purposes', {
      type: [PurposeEnum],
      description: 'Purposes for which the key can read data. Empty allows any purpose.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the key was created.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key expires. Null if it does not expire.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key was revoked. Null if not revoked.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key or one of its tokens was last used, updated within a minute. Null if never used.',
    }),
  }),
});

defineList('ApiKey', {
  plural: 'API keys',
  orderBy: { CREATED_AT: { column: 'createdAt', description: 'When the key was created.' } },
  direction: 'desc',
}).addToQuery({
  name: 'apiKeys',
  scope: 'keys:read',
  description: 'Lists the API keys of the workspace, newest first.',
});

const ViewerLimits = builder.simpleObject('ViewerLimits', {
  extensions: valueObject,
  description: 'Limits that apply to the requests of a key.',
  fields: (t) => ({
    cost: t.int({
      description: 'Maximum cost of a request in points, before it runs: one for each row that it may return.',
    }),
    depth: t.int({ description: 'Maximum depth of nested fields.' }),
    tokens: t.int({ description: 'Maximum number of lexical tokens in a document.' }),
    aliases: t.int({ description: 'Maximum number of aliases. Aliases in a fragment count once for each spread.' }),
    directives: t.int({
      description: 'Maximum number of directives. Directives in a fragment count once for each spread.',
    }),
    mutations: t.int({ description: 'Maximum number of fields in a mutation.' }),
    costPerMinute: t.int({
      description: 'Points that the key can spend per minute, across all its requests and after refunds.',
    }),
    pageSize: t.int({ description: 'Maximum number of rows per page.' }),
  }),
});

const CredentialKind = describedEnum('CredentialKind', 'Kind of credential that authenticates a request.', {
  SECRET: 'API key of a server.',
  AGENT: 'API key of an agent, named after the agent.',
  CUSTOMER: 'Customer token issued by an API key.',
});

const Viewer = builder.simpleObject('Viewer', {
  description: 'API key or customer token of this request.',
  fields: (t) => ({
    keyId: t.id({ description: 'ID of the API key. For a customer token, the ID of the key that issued it.' }),
    keyName: t.string({
      description: 'Name that says what the key is for. For an agent key, the name of the agent.',
    }),
    kind: t.field({ type: CredentialKind, description: 'Kind of credential that authenticated the request.' }),
    customerId: t.id({ nullable: true, description: 'ID of the customer that the token is for. Null for an API key.' }),
    scopes: t.stringList({ description: 'Scopes of the key or token.' }),
    purposes: t.field({
      type: [PurposeEnum],
      description: 'Purposes for which the key or token can read data. Empty allows any purpose.',
    }),
    purpose: t.field({
      type: PurposeEnum,
      nullable: true,
      description: 'Purpose of this request, from its `X-Rapport-Purpose` header or its key. Null if none was given.',
    }),
    limits: t.field({ type: ViewerLimits, description: 'Limits that apply to the requests of this key.' }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'Returns the API key or customer token of this request and its permissions. Needs no scope.',
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
  description: 'API key to create.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: 'Name that says what the key is for. For an agent key, the name of the agent.',
    }),
    kind: t.field({
      type: Kind,
      description: 'Kind of client that holds the key. Defaults to the kind of the key you are using.',
    }),
    scopes: t.stringList({
      description:
        'Scopes of the key. The key you are using must have each of them. Defaults to the `:read` scopes of that key ' +
        'except `keys:read`, `audit:read` and `privacy:read`.',
    }),
    purposes: t.field({
      type: [PurposeEnum],
      description:
        'Purposes for which the key can read data. Each request must state one of them. Defaults to the purposes ' +
        'of the key you are using. Empty allows any purpose.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the key expires. Must be in the future. Defaults to the expiry of the key you are using.',
    }),
  }),
});

const CreateApiKeyPayload = builder.objectRef<{ id: string; secret: string }>('CreateApiKeyPayload').implement({
  extensions: valueObject,
  description: 'Result of creating an API key.',
  fields: (t) => ({
    apiKey: t.prismaField({
      type: 'ApiKey',
      description: 'Newly created API key.',
      resolve: (query, { id }, _args, { db: { apiKey, workspaceId } }) =>
        apiKey.findUniqueOrThrow({ ...query, where: { workspaceId_id: { workspaceId, id } } }),
    }),
    secret: t.exposeString('secret', {
      description: 'Secret of the key, shown only once. Send it as `Authorization: Bearer …`.',
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
    'Creates an API key. Fails with `INVALID_INPUT` for an unknown scope. Fails with `FORBIDDEN` for a scope ' +
    'or purpose that the key you are using lacks, for a later expiry, and if an agent key requests kind ' +
    '`SECRET`. Fails with `CONFLICT` if the idempotency key already created an API key, because its secret ' +
    'cannot be shown again.',
});

defineWrites(
  'ApiKey',
  'apiKey',
  'The API key, as it is after the write.',
)({
  name: 'revokeApiKey',
  scope: 'keys:write',
  input: builder.inputType('RevokeApiKeyInput', {
    description: 'API key to revoke.',
    fields: (t) => ({ id: t.id({ required: true, description: 'ID of the API key.' }) }),
  }),
  write: revokeApiKey,
  description:
    'Revokes an API key, effective from the next request. Returns `NOOP` if it is already revoked. Fails with ' +
    '`NOT_FOUND` for an unknown ID.',
});
