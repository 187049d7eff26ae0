import { issuerOfKey } from '../access/api-keys.ts';
import { type CustomerToken, customerTokens } from '../access/customer-tokens.ts';
import { issuingScope } from '../access/scopes.ts';
import { CustomerKeyInput } from '../customers/input-types.ts';
import { builder } from '../graphql/builder.ts';
import { valueObject } from '../graphql/cost/points.ts';
import { defineMutation } from '../graphql/mutations/define-mutation.ts';
import { DomainError } from '../lib/errors.ts';
import { recordTokenCreation } from './tokens.ts';

const CreateCustomerTokenInput = builder.inputType('CreateCustomerTokenInput', {
  description: 'Token to create for a customer.',
  fields: (t) => ({
    customer: t.field({ type: CustomerKeyInput, required: true, description: 'Key of the customer.' }),
    scopes: t.stringList({
      description:
        'Scopes for the customer’s own data. The API key you are using must have each of them. Defaults to all ' +
        'of that key’s scopes that a token can have except `pii:free_text`, because staff also write free text.',
    }),
    expiresInSeconds: t.int({ description: 'Lifetime in seconds, 1 to 3,600. Defaults to 900.' }),
  }),
});

const CreateCustomerTokenPayload = builder.objectRef<CustomerToken>('CreateCustomerTokenPayload').implement({
  extensions: valueObject,
  description: 'Result of creating a customer token.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description: 'Signed token. Send it as `Authorization: Bearer …` from the customer’s browser or app.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the token expires.' }),
    scopes: t.exposeStringList('scopes', { description: 'Scopes of the token, for the customer’s own data only.' }),
  }),
});

defineMutation({
  name: 'createCustomerToken',
  type: CreateCustomerTokenPayload,
  scope: issuingScope,
  model: 'Customer',
  input: CreateCustomerTokenInput,
  write: async (db, input, { viewer }) => {
    if (viewer.kind !== 'SECRET')
      throw new DomainError('FORBIDDEN', 'Only an API key of kind `SECRET` can create customer tokens.');
    const { customer, ...wanted } = input as { customer: unknown };
    const tokenFor = customerTokens(await issuerOfKey(db, viewer.keyId), wanted);
    return tokenFor(await recordTokenCreation(db, customer));
  },
  description:
    'Creates a signed token that lets a customer read their own data but not write. The token stops working ' +
    'when it expires or when the API key you are using is revoked. Fails with `NOT_FOUND` for an unknown ' +
    'customer, and with `FORBIDDEN` for scopes that the API key lacks or if the API key is of kind `AGENT`.',
});
