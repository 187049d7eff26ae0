import { builder } from '../../graphql/builder.ts';
import { defineList } from '../../graphql/lists/list.ts';
import { defineWrites } from '../../graphql/mutations/define-mutation.ts';
import { setOrderPolicy } from './policies.ts';

const scope = 'policies:read';

builder.prismaNode('OrderPolicy', {
  nullable: true,
  description: 'Version of the rules of the workspace for actions on orders. The latest version is in force.',
  authScopes: { scope },
  id: { resolve: ({ id }) => id, description: 'ID of this version of the policy.' },
  findUnique: (id, { db }) => ({ workspaceId_id: { workspaceId: db.workspaceId, id } }),
  select: { workspaceId: true, id: true },
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'Number of this version, from 1.' }),
    name: t.exposeString('name', { description: 'Name of the policy, from its rules.' }),
    rules: t.expose('rules', {
      type: 'JSON',
      description: 'Rules of each action, as `setOrderPolicy` takes them, with defaults filled in.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When this version came into force.' }),
  }),
});

defineList('OrderPolicy', {
  plural: 'order policies',
  orderBy: { VERSION: { column: 'version', description: 'Number of the version.' } },
  direction: 'desc',
}).addToQuery({
  name: 'orderPolicies',
  scope,
  description:
    'Lists the versions of the order policy, newest first. The first one is in force. Without any, no action on orders ' +
    'is allowed.',
});

const SetOrderPolicyInput = builder.inputType('SetOrderPolicyInput', {
  description: 'Order policy to put in force. Send either `rules` or `shipped`.',
  fields: (t) => ({
    rules: t.field({
      type: 'JSON',
      description:
        'Rules of the policy: `{ name, actions, refundTimes }`. An action that `actions` leaves out is not allowed.',
    }),
    shipped: t.string({ description: 'Name of a policy that ships with Rapport, such as "retail".' }),
    expectedVersion: t.int({
      description:
        'Version that must be in force, or 0 if none must be. Otherwise the write fails with `CONFLICT` and ' +
        '`currentVersion`.',
    }),
  }),
});

defineWrites(
  'OrderPolicy',
  'orderPolicy',
  'The policy in force after the write.',
)({
  name: 'setOrderPolicy',
  scope: 'policies:write',
  input: SetOrderPolicyInput,
  write: setOrderPolicy,
  description:
    'Puts an order policy in force as the next version. Earlier versions stay readable. Fails with `INVALID_INPUT` at ' +
    'the path of each rule that is wrong, and with `NOT_FOUND` for an unknown shipped policy.',
});
