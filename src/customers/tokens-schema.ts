import { issuerOfKey } from '../access/api-keys.ts';
import { type CustomerToken, customerTokens, issuingScope } from '../access/customer-tokens.ts';
import { builder } from '../graphql/builder.ts';
import { defineMutation } from '../graphql/writes.ts';
import { DomainError } from '../lib/errors.ts';
import { CustomerKeyInput } from './input-types.ts';
import { noteToken } from './tokens.ts';

const CreateCustomerTokenInput = builder.inputType('CreateCustomerTokenInput', {
  description: 'A token to make for a customer.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Who.' }),
    scopes: t.stringList({
      description:
        'What of their own they may see; nothing that the key that asks lacks. Unless told, all but `pii:free_text`: staff write there too.',
    }),
    expiresInSeconds: t.int({ description: 'How long it holds, 1 to 3,600. Unless told, 900.' }),
  }),
});

const CreateCustomerTokenPayload = builder.objectRef<CustomerToken>('CreateCustomerTokenPayload').implement({
  description: 'A token that was made.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description: 'Send it as `Authorization: Bearer …`, from their own browser or app.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'From when on it is refused.' }),
    scopes: t.exposeStringList('scopes', { description: 'What it shows of their own.' }),
  }),
});

defineMutation({
  name: 'createCustomerToken',
  type: CreateCustomerTokenPayload,
  scope: issuingScope,
  model: 'Customer',
  input: CreateCustomerTokenInput,
  write: async (db, input, { viewer }) => {
    if (viewer.kind !== 'SECRET') throw new DomainError('FORBIDDEN', 'Only the key of a server makes tokens.');
    const { customer, ...wanted } = input as { customer: unknown };
    const tokenFor = customerTokens(await issuerOfKey(db, viewer.keyId), wanted);
    return tokenFor(await noteToken(db, customer));
  },
  description:
    'Makes a signed token with which a customer reads what is their own, and nothing else; it writes nothing. It is refused once it is over or ' +
    'this key is revoked. NOT_FOUND for an unknown customer, FORBIDDEN for scopes that this key lacks, and to an agent’s key.',
});
