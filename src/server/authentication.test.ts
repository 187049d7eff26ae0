import { expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';

const api = await useApi();
const shop = await api.tenant('shop');

const upsert = 'mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { customer { id } } }';
const customer = { key: { email: 'ada@example.com' }, note: 'Likes brevity.' };
const { id: ada } = (await shop.data(upsert, { input: customer })).upsertCustomer.customer;

it('records how the customer proved who they are with reads and writes that state it', async () => {
  const headers = { 'x-rapport-identity-proof': 'LOGIN', 'x-request-id': 'proven' };
  await shop.data('query ($by: CustomerKey!) { customer(by: $by) { note } }', { by: { id: ada } }, { headers });
  await shop.data(upsert, { input: { key: { id: ada }, note: 'Signed in' } }, { headers });
  await api.flush();

  const proven = await shop.db.auditEvent.findMany({ where: { requestId: 'proven' } });
  const { data } = await shop.send(
    '{ auditEvents(first: 1, where: { requestId: { eq: "proven" } }) { nodes { identityProof } } }',
  );

  expect(new Set(proven.map(({ action }) => action))).toEqual(new Set(['READ', 'UPDATED']));
  expect(new Set(proven.map(({ identityProof }) => identityProof))).toEqual(new Set(['LOGIN']));
  expect(data.auditEvents.nodes).toEqual([{ identityProof: 'LOGIN' }]);
});

it('rejects an unknown identity proof', async () => {
  const headers = { 'x-rapport-identity-proof': 'PASSPORT' };
  const { message, extensions } = await shop.error('{ viewer { purpose } }', {}, { headers });

  expect(message).toContain('X-Rapport-Identity-Proof must be one of: EMAIL_CODE, ');
  expect(extensions).toEqual({ code: 'INVALID_INPUT', field: ['X-Rapport-Identity-Proof'] });
});

it.each(['valueOf', 'toString', 'constructor', 'FUN'])('rejects the purpose %s', async (purpose) => {
  const { extensions } = await shop.error('{ viewer { purpose } }', {}, { headers: { 'x-rapport-purpose': purpose } });

  expect(extensions).toEqual({ code: 'INVALID_INPUT', field: ['X-Rapport-Purpose'] });
});
