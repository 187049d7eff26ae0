import { customerKeyInput } from '../customers/identity/keys.ts';
import { CustomerKeyInput } from '../customers/input-types.ts';
import { builder } from '../graphql/builder.ts';
import { cost, valueObject } from '../graphql/cost/points.ts';
import { describedEnum } from '../graphql/enums/described-enum.ts';
import { DateTimeFilter, enumFilter } from '../graphql/filters/filters.ts';
import { column, idColumn, whereInput } from '../graphql/filters/where.ts';
import { defineList } from '../graphql/lists/list.ts';
import { defineMutation, defineWrites } from '../graphql/mutations/define-mutation.ts';
import { recordRead } from '../graphql/personal-data/pii.ts';
import { DomainError } from '../lib/errors.ts';
import { parseInput } from '../lib/fields.ts';
import { encodeId } from '../lib/ids.ts';
import { type PiiClass, piiScopes } from '../lib/pii.ts';
import type { UpsertResult } from '../lib/upsert-result.ts';
import { cancelErasure, requestErasure } from './erasure.ts';
import { exportCustomer } from './export.ts';
import { setRetention } from './retention.ts';

const scope = 'privacy:read';

const StatusEnum = describedEnum('ErasureStatus', 'Status of an erasure request.', {
  PENDING: 'The erasure has not started yet.',
  CANCELED: 'The request was canceled.',
  EXECUTING: 'The erasure is in progress. The customer is already `ERASED`, and their remaining data is being removed.',
  EXECUTED: 'The erasure is complete. The customer’s personal data is gone.',
});

builder.prismaNode('ErasureRequest', {
  nullable: true,
  description: 'Request to erase a customer. It can be canceled until it is due.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of the erasure request.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    customerId: t.field({
      type: 'ID',
      description: 'ID of the customer to erase.',
      select: { customerId: true },
      resolve: ({ customerId }) => encodeId('Customer', customerId),
    }),
    status: t.expose('status', { type: StatusEnum, description: 'Current status of the request.' }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime', description: 'When the erasure was requested.' }),
    dueAt: t.expose('dueAt', {
      type: 'DateTime',
      description: 'When the erasure is due. It starts within two minutes of that time.',
    }),
    canceledAt: t.expose('canceledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the request was canceled. Null if not canceled.',
    }),
    executedAt: t.expose('executedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the erasure was completed. Null if not completed.',
    }),
    failedAt: t.expose('failedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the last attempt failed. The next attempt follows within two minutes. Null if the last attempt did ' +
        'not fail.',
    }),
    failure: t.exposeString('failure', {
      nullable: true,
      description: 'Reason the last attempt failed. Null if it did not fail.',
    }),
    keyName: t.exposeString('keyName', { description: 'Name of the API key that requested the erasure.' }),
  }),
});

defineList('ErasureRequest', {
  plural: 'erasure requests',
  where: whereInput('ErasureRequest', {
    status: column('status', enumFilter('ErasureStatus', StatusEnum), 'Current status of the request.'),
    customerId: idColumn('customerId', 'Customer', 'ID of the customer to erase.'),
    dueAt: column('dueAt', DateTimeFilter, 'When the erasure is due.'),
  }),
  orderBy: { REQUESTED_AT: { column: 'requestedAt', description: 'When the erasure was requested.' } },
  direction: 'desc',
}).addToQuery({ name: 'erasureRequests', scope, description: 'Lists erasure requests, newest first.' });

builder.queryField('exportCustomer', (t) =>
  t.field({
    type: 'JSON',
    description:
      'Exports all data about a customer as one document, shaped like the types of this schema. Nothing in the ' +
      'document is masked. Fails with `FORBIDDEN` if the key lacks any `pii:…` scope, and with `NOT_FOUND` for ' +
      'an unknown customer. Costs 100 points.',
    authScopes: { scope },
    extensions: cost({ points: 100 }),
    args: { by: t.arg({ type: CustomerKeyInput, required: true, description: 'Key of the customer.' }) },
    resolve: async (_root, { by }, context) => {
      const classes = Object.keys(piiScopes) as PiiClass[];
      const missing = classes.map((each) => piiScopes[each]).filter((each) => !context.viewer.scopes.has(each));
      if (missing.length > 0)
        throw new DomainError('FORBIDDEN', `This key lacks ${missing.join(', ')}, which the export requires.`);
      const { id, document } = await exportCustomer(
        context.db,
        parseInput(customerKeyInput, by, 'by'),
        context.viewer.defaultCountry,
      );
      for (const piiClass of classes) recordRead(context, id, piiClass);
      return document;
    },
  }),
);

const addWrite = defineWrites('ErasureRequest', 'erasureRequest', 'The erasure request, as it is after the write.');

const RequestErasureInput = builder.inputType('RequestErasureInput', {
  description: 'Erasure request for a customer.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Key of the customer to erase.' }),
    afterDays: t.int({ description: 'Days until the erasure is due, 0 to 365. Defaults to 7.' }),
  }),
});

addWrite({
  name: 'requestErasure',
  scope: 'privacy:write',
  input: RequestErasureInput,
  write: requestErasure,
  description:
    'Requests the erasure of a customer. Once due, the erasure permanently deletes everything about the ' +
    'customer, such as names, contact points, notes, consents and cases. It also deletes these values from the ' +
    'audit log. Orders, payments and returns keep their totals but lose ' +
    'personal data: notes, reasons, addresses, tracking numbers and titles that differ from the product’s. A ' +
    'later write with one of the customer’s keys fails with `CONFLICT` unless it sets `revive`. Returns ' +
    '`NOOP` if a request is already pending.',
});

const CancelErasureInput = builder.inputType('CancelErasureInput', {
  description: 'Erasure request to cancel.',
  fields: (t) => ({ id: t.id({ required: true, description: 'ID of the erasure request.' }) }),
});

addWrite({
  name: 'cancelErasure',
  scope: 'privacy:write',
  input: CancelErasureInput,
  write: cancelErasure,
  description:
    'Cancels an erasure request. Fails with `CONFLICT` if the erasure is in progress or executed, and with ' +
    '`NOT_FOUND` for an unknown ID.',
});

const SetRetentionInput = builder.inputType('SetRetentionInput', {
  description: 'Retention periods of the workspace.',
  fields: (t) => ({
    interactionRetentionDays: t.int({
      description:
        'Days to keep interactions, 1 to 36,500. Older interactions are removed within two minutes. If null or ' +
        'omitted, interactions are kept forever.',
    }),
  }),
});

const SetRetentionPayload = builder.objectRef<UpsertResult>('SetRetentionPayload').implement({
  extensions: valueObject,
  description: 'Result of setting the retention periods.',
  fields: (t) => ({
    interactionRetentionDays: t.int({
      nullable: true,
      description: 'Days after which interactions are removed. Null if they are kept forever.',
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
  description: 'Sets how long the workspace keeps interactions with its customers.',
});
