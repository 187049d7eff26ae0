import { CustomerKeyInput } from '../customers/input-types.ts';
import { customerKeyInput } from '../customers/keys.ts';
import { builder } from '../graphql/builder.ts';
import { describedEnum } from '../graphql/enums.ts';
import { DateTimeFilter, enumFilter } from '../graphql/filters.ts';
import { defineList } from '../graphql/list.ts';
import { noteRead } from '../graphql/pii.ts';
import { column, idColumn, whereInput } from '../graphql/where.ts';
import { defineMutation, defineWrites } from '../graphql/writes.ts';
import { DomainError } from '../lib/errors.ts';
import { parseInput } from '../lib/fields.ts';
import { encodeId } from '../lib/ids.ts';
import { type PiiClass, piiScopes } from '../lib/pii.ts';
import type { Written } from '../lib/written.ts';
import { cancelErasure, requestErasure } from './erasure.ts';
import { exportCustomer } from './export.ts';
import { setRetention } from './retention.ts';

const scope = 'privacy:read';

const StatusEnum = describedEnum('ErasureStatus', 'What has become of a request to be forgotten.', {
  PENDING: 'Its time has not come.',
  CANCELED: 'It was called off.',
  EXECUTING: 'It is under way: the customer is ERASED already, and what they left behind is being removed.',
  EXECUTED: 'The person is forgotten.',
});

builder.prismaNode('ErasureRequest', {
  nullable: true,
  description: 'Somebody is to be forgotten. Until its time has come it can be called off.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'Its id.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    customerId: t.field({
      type: 'ID',
      description: 'Who.',
      select: { customerId: true },
      resolve: ({ customerId }) => encodeId('Customer', customerId),
    }),
    status: t.expose('status', { type: StatusEnum, description: 'What has become of it.' }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime', description: 'When it was asked for.' }),
    dueAt: t.expose('dueAt', { type: 'DateTime', description: 'From when on it is done, within a minute or two.' }),
    canceledAt: t.expose('canceledAt', { type: 'DateTime', nullable: true, description: 'Null: it was not.' }),
    executedAt: t.expose('executedAt', { type: 'DateTime', nullable: true, description: 'Null: it was not.' }),
    failedAt: t.expose('failedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last attempt failed. The next one follows within two minutes. Null if it did not fail.',
    }),
    failure: t.exposeString('failure', {
      nullable: true,
      description: 'Why the last attempt failed. Null if it did not fail.',
    }),
    keyName: t.exposeString('keyName', { description: 'What the key was called that asked for it.' }),
  }),
});

defineList('ErasureRequest', {
  plural: 'erasure requests',
  where: whereInput('ErasureRequest', {
    status: column('status', enumFilter('ErasureStatus', StatusEnum), 'What has become of it.'),
    customerId: idColumn('customerId', 'Customer', 'Of this customer.'),
    dueAt: column('dueAt', DateTimeFilter, 'When it is due.'),
  }),
  orderBy: { REQUESTED_AT: { column: 'requestedAt', description: 'When it was asked for.' } },
  direction: 'desc',
}).addToQuery({ name: 'erasureRequests', scope, description: 'Who is to be forgotten, or was, newest first.' });

builder.queryField('exportCustomer', (t) =>
  t.field({
    type: 'JSON',
    description:
      'Everything about one person as one document, in the shape of the types here. NOT_FOUND where there is none; FORBIDDEN ' +
      'without every `pii:…` scope, since nothing in it is masked. It costs 100 points.',
    authScopes: { scope },
    complexity: { field: 100 },
    args: { by: t.arg({ type: CustomerKeyInput, required: true, description: 'What they are known by.' }) },
    resolve: async (_root, { by }, context) => {
      const classes = Object.keys(piiScopes) as PiiClass[];
      const missing = classes.map((each) => piiScopes[each]).filter((each) => !context.viewer.scopes.has(each));
      if (missing.length > 0) throw new DomainError('FORBIDDEN', `This key lacks ${missing.join(', ')}.`);
      const { id, document } = await exportCustomer(context.db, parseInput(customerKeyInput, by, 'by'));
      for (const piiClass of classes) noteRead(context, id, piiClass);
      return document;
    },
  }),
);

const addWrite = defineWrites('ErasureRequest', 'erasureRequest', 'The request as it is afterwards.');

const RequestErasureInput = builder.inputType('RequestErasureInput', {
  description: 'Somebody to be forgotten.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Who.' }),
    afterDays: t.int({ description: 'In how many days, 0 to 365. Unless told, 7.' }),
  }),
});

addWrite({
  name: 'requestErasure',
  scope: 'privacy:write',
  input: RequestErasureInput,
  write: requestErasure,
  description:
    'Has somebody forgotten. When its time has come their names, contact points, addresses, notes, preferences, consents, interactions, ' +
    'cases, answers and what the audit log holds of them are gone for good; orders, payments and returns stay without what is personal ' +
    'of them (notes, reasons, addresses, tracking numbers, titles that are not the catalogue’s), and so do the sums. Who is written by the same key again is a CONFLICT, unless `revive` is said. NOOP where it is asked for already.',
});

const CancelErasureInput = builder.inputType('CancelErasureInput', {
  description: 'A request to be called off.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Which.' }) }),
});

addWrite({
  name: 'cancelErasure',
  scope: 'privacy:write',
  input: CancelErasureInput,
  write: cancelErasure,
  description: 'Calls it off. CONFLICT where it is under way or was executed, NOT_FOUND where there is none.',
});

const SetRetentionInput = builder.inputType('SetRetentionInput', {
  description: 'How long a workspace keeps what.',
  fields: (t) => ({
    interactionRetentionDays: t.int({
      description:
        'Interactions that are older are removed, within a minute or two; 1 to 36,500. Null or left out: never.',
    }),
  }),
});

const SetRetentionPayload = builder.objectRef<Written>('SetRetentionPayload').implement({
  description: 'What the workspace keeps from now on.',
  fields: (t) => ({
    interactionRetentionDays: t.int({
      nullable: true,
      description: 'After how many days interactions are removed. Null: never.',
      resolve: async ({ id }, _args, { db }) =>
        (await db.workspace.findUniqueOrThrow({ where: { id } })).interactionRetentionDays,
    }),
  }),
});

defineMutation({
  name: 'setRetention',
  type: SetRetentionPayload,
  scope: 'privacy:write',
  input: SetRetentionInput,
  write: setRetention,
  description: 'Says how long the workspace keeps what passed between it and its customers.',
});
