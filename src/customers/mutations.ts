import { defineWrites } from '../graphql/writes.ts';
import { addContactPoint, removeContactPoint } from './contact-points.ts';
import { upsertCustomer } from './customers.ts';
import { AddContactPointInput, RemoveContactPointInput, TagCustomerInput, UpsertCustomerInput } from './input-types.ts';
import { tagCustomer, untagCustomer } from './tags.ts';

const scope = 'customers:write';
const addWrite = defineWrites('Customer', 'customer', 'The customer as they are afterwards.');

addWrite({
  name: 'upsertCustomer',
  scope,
  input: UpsertCustomerInput,
  write: upsertCustomer,
  description:
    'Creates the customer that the key means, or changes the one there is. INVALID_INPUT, NOT_FOUND for an unknown id, ' +
    'CONFLICT with `conflictingId` where another customer holds a contact point or external id.',
});

addWrite({
  name: 'addContactPoint',
  scope,
  input: AddContactPointInput,
  write: addContactPoint,
  description: 'Adds a way to reach somebody, or changes the one there is. CONFLICT where another customer has it.',
});

addWrite({
  name: 'removeContactPoint',
  scope,
  input: RemoveContactPointInput,
  write: removeContactPoint,
  description:
    'Removes a way to reach somebody. Where it was the primary one, the oldest other of its kind takes its place.',
});

addWrite({
  name: 'tagCustomer',
  scope,
  input: TagCustomerInput,
  write: tagCustomer,
  description: 'Puts a label on somebody; NOOP where it is there already.',
});

addWrite({
  name: 'untagCustomer',
  scope,
  input: TagCustomerInput,
  write: untagCustomer,
  description: 'Takes a label off somebody; NOOP where there is none.',
});
