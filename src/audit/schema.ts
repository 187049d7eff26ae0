import { builder } from '../graphql/builder.ts';
import type { Context } from '../graphql/context.ts';
import { valueObject } from '../graphql/cost/points.ts';
import { describedEnum } from '../graphql/enums/described-enum.ts';
import { PurposeEnum } from '../graphql/enums/purposes.ts';
import { DateTimeFilter, enumFilter, StringFilter } from '../graphql/filters/filters.ts';
import { column, idColumn, whereInput } from '../graphql/filters/where.ts';
import { defineList } from '../graphql/lists/list.ts';
import { maskColumn } from '../graphql/personal-data/pii.ts';
import { encodeId, isIdType } from '../lib/ids.ts';
import type { piiScopes } from '../lib/pii.ts';

const scope = 'audit:read';

const ActionEnum = describedEnum('AuditAction', 'Action that an audit event records.', {
  CREATED: 'A row was created.',
  UPDATED: 'A row was updated.',
  DELETED: 'A row was deleted.',
  READ: 'A customer’s personal data was read unmasked.',
});

const PiiClassEnum = describedEnum('PiiClass', 'Class of personal data. Each class has a scope that unmasks it.', {
  EMAIL: 'Email addresses and social handles, shown with `pii:email`.',
  PHONE: 'Phone numbers, shown with `pii:phone`.',
  ADDRESS: 'Postal addresses without the country, shown with `pii:address`.',
  BIRTHDAY: 'Day, month and year of birth, shown with `pii:birthday`.',
  FREE_TEXT: 'Free text such as notes, subjects, bodies, reasons and comments, shown with `pii:free_text`.',
});

const IdentityProofEnum = describedEnum('IdentityProof', 'How a customer proved who they are.', {
  EMAIL_CODE: 'They entered a code that was sent to their email address.',
  PHONE_CODE: 'They entered a code that was sent to their phone.',
  LOGIN: 'They signed in to their account.',
  KNOWLEDGE: 'They knew details of their account, such as an order number and a postal code.',
  STAFF: 'A member of staff identified them, for example in a shop.',
});

type Change = { field: string; before: unknown; after: unknown };

const AuditChange = builder.objectRef<Change>('AuditChange').implement({
  extensions: valueObject,
  description:
    'Change to one field of a stored row. Personal data is masked as in the rest of the API. The long values ' +
    'that a request adds to the log cannot total more bytes than the request itself. Beyond that, a long ' +
    'value is truncated to its first 100 characters, followed by `[… bytes left out]`. Values after the ' +
    'change are truncated first.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'Name of the field.' }),
    before: t.expose('before', {
      type: 'JSON',
      nullable: true,
      description: 'Value before the change. Null if none.',
    }),
    after: t.expose('after', {
      type: 'JSON',
      nullable: true,
      description: 'Value after the change. Null if none.',
    }),
  }),
});

builder.prismaNode('AuditEvent', {
  nullable: true,
  description:
    'Record of a write or of a read of personal data. A mutation adds one event for each row that it ' +
    'created, updated or deleted. A request adds one event for each customer whose personal data it read ' +
    'unmasked. The events cover every type of row, regardless of the key’s other scopes. Events never ' +
    'change. Reads appear within a second.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the audit event.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When the event occurred.' }),
    keyId: t.field({
      type: 'ID',
      description: 'ID of the API key that made the request.',
      select: { keyId: true },
      resolve: ({ keyId }) => encodeId('ApiKey', keyId),
    }),
    keyName: t.exposeString('keyName', {
      description: 'Name of the API key. For an agent key, the name of the agent.',
    }),
    operation: t.exposeString('operation', {
      description: 'Name of the mutation. For a read, the first 100 characters of the operation name.',
    }),
    purpose: t.expose('purpose', {
      type: PurposeEnum,
      nullable: true,
      description: 'Purpose of the request. Null if none was given.',
    }),
    requestId: t.exposeString('requestId', {
      description: 'ID of the request. Taken from its `X-Request-Id` header, or generated.',
    }),
    identityProof: t.expose('identityProof', {
      type: IdentityProofEnum,
      nullable: true,
      description:
        'How the customer proved who they are, as the caller stated in the header `X-Rapport-Identity-Proof` or, over ' +
        'MCP, as `proof`. Rapport does not check it. Null if the caller stated nothing.',
    }),
    action: t.expose('action', { type: ActionEnum, description: 'Action that the event records.' }),
    entity: t.exposeString('entity', {
      description: 'Type of the row, such as "Customer", "ContactPoint" or "OrderLine".',
    }),
    entityId: t.field({
      type: 'ID',
      nullable: true,
      description: 'ID of the row. Null if none.',
      select: { entity: true, entityId: true },
      resolve: ({ entity, entityId }) => (entityId && isIdType(entity) ? encodeId(entity, entityId) : null),
    }),
    customerId: t.field({
      type: 'ID',
      nullable: true,
      description: 'ID of the customer that the data belongs to. Null if none.',
      select: { customerId: true },
      resolve: ({ customerId }) => customerId && encodeId('Customer', customerId),
    }),
    changes: t.field({
      type: [AuditChange],
      description: 'Changed fields, sorted by name. Empty for a read, and for a new row that has an ID.',
      select: { entity: true, customerId: true, changes: true },
      resolve: ({ entity, customerId, changes }, _args, context) => changesOf(entity, customerId, changes, context),
    }),
    piiClasses: t.field({
      type: [PiiClassEnum],
      description: 'Classes of personal data that a read showed. Empty for a write.',
      select: { piiClasses: true },
      resolve: ({ piiClasses }) => piiClasses as (keyof typeof piiScopes)[],
    }),
  }),
});

function changesOf(entity: string, customerId: string | null, changes: unknown, context: Context): Change[] {
  const fields = Object.entries((changes ?? {}) as Record<string, [unknown, unknown]>);
  return fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, [before, after]]) => {
      const shown = (value: unknown) => maskColumn(context, customerId, entity, field, value);
      return { field, before: shown(before), after: shown(after) };
    });
}

defineList('AuditEvent', {
  plural: 'audit events',
  where: whereInput('AuditEvent', {
    occurredAt: column('occurredAt', DateTimeFilter, 'When the event occurred.'),
    keyId: idColumn('keyId', 'ApiKey', 'ID of the API key that made the request.'),
    customerId: idColumn('customerId', 'Customer', 'ID of the customer that the data belongs to.'),
    action: column('action', enumFilter('AuditAction', ActionEnum), 'Action that the event records.'),
    operation: column('operation', StringFilter, 'Name of the mutation, or operation name of a read.'),
    entity: column('entity', StringFilter, 'Type of the row, such as "Customer".'),
    requestId: column(
      'requestId',
      StringFilter,
      'ID of the request that caused the event, from the `X-Request-Id` header.',
    ),
  }),
  orderBy: { OCCURRED_AT: { column: 'occurredAt', description: 'When the event occurred.' } },
  direction: 'desc',
}).addToQuery({ name: 'auditEvents', scope, description: 'Lists audit events, newest first.' });
