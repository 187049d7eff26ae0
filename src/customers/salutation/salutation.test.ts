import { beforeAll, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { keyWithout } from '../../../test/narrow-key.ts';
import { isOfRequest } from '../../../test/rows-read.ts';
import { executeErasures } from '../../privacy/execute-erasures.ts';

const api = await useApi();
const shop = await api.tenant('shop');

const parts = 'text locale register source confidence';
const read = `query ($by: CustomerKey!, $locale: Locale, $register: Register, $form: SalutationForm) {
  customer(by: $by) {
    composedSalutation(locale: $locale, register: $register, form: $form) { ${parts} }
    letter: composedSalutation(form: LETTER) { text }
  }
}`;
const context = `query ($by: CustomerKey!, $locale: Locale, $register: Register, $form: SalutationForm) {
  customerContext(by: $by, purpose: SUPPORT) {
    identity { salutation composedSalutation(locale: $locale, register: $register, form: $form) { ${parts} } }
  }
}`;
const write = (input: object) =>
  shop.data('mutation ($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { outcome } }', { input });

const tomasz = { email: 'tomasz@example.com' };
const contact = { email: 'contact@example.com' };

beforeAll(async () => {
  await write({ key: tomasz, givenName: 'Tomasz', familyName: 'Nowak', locale: 'pl-PL', register: 'FORMAL' });
  const email = 'hidden@example.com';
  await write({ key: contact, givenName: email, locale: 'pl', salutations: [{ locale: 'uk', text: email }] });
});

it.each([
  [{}, { text: 'Panie Tomaszu', locale: 'pl-PL', register: 'FORMAL', source: 'RULE', confidence: 0.95 }],
  [{ form: 'LETTER' }, { text: 'Szanowny Panie' }],
  [{ register: 'INFORMAL' }, { text: 'Cześć, Tomaszu', register: 'INFORMAL' }],
  [
    { locale: 'en', form: 'LETTER' },
    { text: 'Dear Tomasz Nowak', locale: 'en' },
  ],
  [{ locale: 'uk' }, { text: 'Добрий день', source: 'FALLBACK', confidence: 0 }],
  [{ locale: null, register: null, form: null }, { text: 'Panie Tomaszu' }],
])('is the same on a customer and in their context for %j, in one statement each', async (request, expected) => {
  const variables = { by: tomasz, ...request };
  await api.flush();
  api.statements.length = 0;

  const { customer } = await shop.data(read, variables);
  const { customerContext } = await shop.data(context, variables);
  const sent = api.statements.filter(isOfRequest);

  expect(customer.composedSalutation).toMatchObject(expected);
  expect(customer.letter.text).toBe('Szanowny Panie');
  expect(customerContext.identity).toEqual({
    salutation: 'Panie Tomaszu',
    composedSalutation: customer.composedSalutation,
  });
  expect(sent).toHaveLength(2);
});

it('refuses a locale that is no language tag', async () => {
  const { extensions } = await shop.error(read, { by: tomasz, locale: 'not a language' });

  expect(extensions.code).toBe('INVALID_INPUT');
});

it('is neutral for an erased customer', async () => {
  const key = { email: 'erased@example.com' };
  await write({ key, givenName: 'Anna', locale: 'pl', salutations: [{ locale: 'pl', text: 'Pani Aniu' }] });
  const { customer } = await shop.data('query ($by: CustomerKey!) { customer(by: $by) { id } }', { by: key });
  await shop.data('mutation ($by: CustomerKey!) { requestErasure(input: { customer: $by }) { outcome } }', { by: key });
  await executeErasures(shop.db, new Date('2100-01-01T00:00:00Z'));

  const erased = await shop.data(read, { by: { id: customer.id } });

  expect(erased.customer.composedSalutation).toMatchObject({ text: 'Hello', source: 'FALLBACK', confidence: 0 });
});

it('puts no contact point into a salutation, and masks one that is stored', async () => {
  const secret = await keyWithout(shop, 'pii:email');
  const byRule = await shop.data(read, { by: contact });
  const stored = { by: contact, locale: 'uk' };
  const shown = await shop.data(read, stored);
  const masked = await api.sendAs(secret, read, stored);
  const inContext = await api.sendAs(secret, context, stored);

  expect(byRule.customer.composedSalutation).toMatchObject({ text: 'Dzień dobry', source: 'FALLBACK' });
  expect(shown.customer.composedSalutation.text).toBe('hidden@example.com');
  expect(masked.data.customer.composedSalutation).toMatchObject({ text: 'h***n@example.com', source: 'STORED' });
  expect(inContext.data.customerContext.identity.composedSalutation.text).toBe('h***n@example.com');
});
