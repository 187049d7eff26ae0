import { builder } from '../graphql/builder.ts';
import type { Context } from '../graphql/context.ts';
import { describedEnum } from '../graphql/enums.ts';
import { DateTimeFilter, enumFilter, StringFilter } from '../graphql/filters.ts';
import { defineList } from '../graphql/list.ts';
import { shownColumn } from '../graphql/pii.ts';
import { PurposeEnum } from '../graphql/purposes.ts';
import { column, idColumn, whereInput } from '../graphql/where.ts';
import { encodeId, isIdType } from '../lib/ids.ts';
import type { piiScopes } from '../lib/pii.ts';

const scope = 'audit:read';

const ActionEnum = describedEnum('AuditAction', 'What was done.', {
  CREATED: 'A row was made.',
  UPDATED: 'A row was changed.',
  DELETED: 'A row was removed.',
  READ: 'Personal data of a customer was read unmasked.',
});

const PiiClassEnum = describedEnum('PiiClass', 'A class of personal data; a scope of its own shows it.', {
  EMAIL: 'E-mail addresses and social handles: `pii:email`.',
  PHONE: 'Phone numbers: `pii:phone`.',
  ADDRESS: 'Postal addresses, but for the country: `pii:address`.',
  BIRTHDAY: 'Day, month and year: `pii:birthday`.',
  FREE_TEXT: 'What people wrote: notes, subjects, bodies, reasons, comments: `pii:free_text`.',
});

type Change = { field: string; before: unknown; after: unknown };

const AuditChange = builder.objectRef<Change>('AuditChange').implement({
  description:
    'What became of one field of a row, as it is stored. Personal data is masked as everywhere. Of long values a request writes no more ' +
    'bytes than it has: others are cut to their first 100 characters, as text that ends with `[… bytes left out]`. Values before the change ' +
    'are kept first.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'Its name.' }),
    before: t.expose('before', { type: 'JSON', nullable: true, description: 'What it was. Null: nothing.' }),
    after: t.expose('after', { type: 'JSON', nullable: true, description: 'What it is. Null: nothing.' }),
  }),
});

builder.prismaNode('AuditEvent', {
  nullable: true,
  description:
    'Who did what: one for each row that a mutation made, changed or removed, and one for each customer whose personal data ' +
    'a request read unmasked. It tells of every kind of row, whatever else a key may read. Never changed. Reads are written within a second.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When.' }),
    keyId: t.field({
      type: 'ID',
      description: 'The key that asked.',
      select: { keyId: true },
      resolve: ({ keyId }) => encodeId('ApiKey', keyId),
    }),
    keyName: t.exposeString('keyName', { description: 'What that key was called: the agent’s name, where it is one.' }),
    operation: t.exposeString('operation', {
      description: 'The mutation; of a read, the first 100 characters of what the request was called.',
    }),
    purpose: t.expose('purpose', { type: PurposeEnum, nullable: true, description: 'What for. Null: not said.' }),
    requestId: t.exposeString('requestId', { description: 'The `X-Request-Id` it came with, or was given.' }),
    action: t.expose('action', { type: ActionEnum, description: 'What was done.' }),
    entity: t.exposeString('entity', { description: 'The kind of row: "Customer", "ContactPoint", "OrderLine".' }),
    entityId: t.field({
      type: 'ID',
      nullable: true,
      description: 'Id of that row. Null: it has none.',
      select: { entity: true, entityId: true },
      resolve: ({ entity, entityId }) => (entityId && isIdType(entity) ? encodeId(entity, entityId) : null),
    }),
    customerId: t.field({
      type: 'ID',
      nullable: true,
      description: 'Whose data it was. Null: nobody’s.',
      select: { customerId: true },
      resolve: ({ customerId }) => customerId && encodeId('Customer', customerId),
    }),
    changes: t.field({
      type: [AuditChange],
      description: 'Field by field, by name. Empty for a read and for a new row, whose values are its own.',
      select: { entity: true, customerId: true, changes: true },
      resolve: ({ entity, customerId, changes }, _args, context) => changesOf(entity, customerId, changes, context),
    }),
    piiClasses: t.field({
      type: [PiiClassEnum],
      description: 'Of a read: the classes that were shown.',
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
      const shown = (value: unknown) => shownColumn(context, customerId, entity, field, value);
      return { field, before: shown(before), after: shown(after) };
    });
}

defineList('AuditEvent', {
  plural: 'audit events',
  where: whereInput('AuditEvent', {
    occurredAt: column('occurredAt', DateTimeFilter, 'When.'),
    keyId: idColumn('keyId', 'ApiKey', 'By this key.'),
    customerId: idColumn('customerId', 'Customer', 'Of this customer’s data.'),
    action: column('action', enumFilter('AuditAction', ActionEnum), 'What was done.'),
    operation: column('operation', StringFilter, 'The mutation, or what a request that read was called.'),
    entity: column('entity', StringFilter, 'The kind of row.'),
    requestId: column('requestId', StringFilter, 'Of this request.'),
  }),
  orderBy: { OCCURRED_AT: { column: 'occurredAt', description: 'When.' } },
  direction: 'desc',
}).addToQuery({ name: 'auditEvents', scope, description: 'Who did what, newest first.' });
