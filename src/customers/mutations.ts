import { defineWrites } from '../graphql/mutations/define-mutation.ts';
import { addContactPoint, removeContactPoint } from './contact-points/contact-points.ts';
import { upsertCustomer } from './customers.ts';
import { AddContactPointInput, RemoveContactPointInput, TagCustomerInput, UpsertCustomerInput } from './input-types.ts';
import { tagCustomer, untagCustomer } from './tags.ts';

const scope = 'customers:write';
const addWrite = defineWrites('Customer', 'customer', 'The customer, as it is after the write.');

addWrite({
  name: 'upsertCustomer',
  scope,
  input: UpsertCustomerInput,
  write: upsertCustomer,
  description:
    'Creates or updates the customer identified by `key`. Fails with `INVALID_INPUT` for invalid data, with ' +
    '`NOT_FOUND` for an unknown ID, and with `CONFLICT` and `conflictingId` if another customer has one of the ' +
    'contact points or external IDs.',
});

addWrite({
  name: 'addContactPoint',
  scope,
  input: AddContactPointInput,
  write: addContactPoint,
  description:
    'Adds a contact point to a customer, or updates an existing contact point. Fails with `CONFLICT` if ' +
    'another customer has the contact point.',
});

addWrite({
  name: 'removeContactPoint',
  scope,
  input: RemoveContactPointInput,
  write: removeContactPoint,
  description:
    'Removes a contact point from a customer. If it was primary, the customer’s oldest other contact point ' +
    'of the same kind becomes primary.',
});

addWrite({
  name: 'tagCustomer',
  scope,
  input: TagCustomerInput,
  write: tagCustomer,
  description: 'Adds a tag to a customer. Returns `NOOP` if the customer already has the tag.',
});

addWrite({
  name: 'untagCustomer',
  scope,
  input: TagCustomerInput,
  write: untagCustomer,
  description: 'Removes a tag from a customer. Returns `NOOP` if the customer does not have the tag.',
});
