import * as z from 'zod';
import { customerId, purpose, reading, unknownCustomer } from '../arguments.ts';
import { Markers, untrusted } from '../text/markers.ts';
import { untrustedText } from '../text/untrusted-output.ts';
import { defineTool } from '../tool.ts';

const register = z.enum(['FORMAL', 'INFORMAL']);

const input = z.strictObject({
  customerId,
  locale: z.string().max(35).optional().describe('Such as pl. Defaults to theirs.'),
  register: register.optional(),
  form: z.enum(['SPOKEN', 'LETTER']).default('SPOKEN'),
  purpose,
  ...reading,
});

const output = z.object({
  salutation: untrustedText.nullable(),
  locale: z.string(),
  register,
  source: z.enum(['STORED', 'RULE', 'FALLBACK']),
  confidence: z.number(),
});

const document = `query McpComposeSalutation(
  $by: CustomerKey!, $locale: Locale, $register: Register, $form: SalutationForm
) {
  customer(by: $by) {
    composedSalutation(locale: $locale, register: $register, form: $form) { text locale register source confidence }
  }
}`;

type Found = {
  customer: { composedSalutation: Omit<z.output<typeof output>, 'salutation'> & { text: string } } | null;
};

export const composeSalutation = defineTool({
  name: 'compose_salutation',
  title: 'Compose a salutation',
  description:
    'Returns how to address a customer, in the vocative for Polish and Ukrainian. Use it verbatim. FALLBACK is neutral, ' +
    'because the name leaves the form open.',
  scopes: ['customers:read'],
  effect: 'READ',
  input,
  output,
  async run({ customerId, locale, register, form }, { ask }) {
    const variables = { by: { id: customerId }, locale: locale ?? null, register: register ?? null, form };
    const { customer } = await ask<Found>(document, variables);
    if (!customer) throw unknownCustomer();
    const { text, ...composed } = customer.composedSalutation;
    // The stored text, or the name in it, comes from outside.
    const salutation = untrusted(text, 'UNKNOWN', customerId, 100);
    const markers = new Markers();
    const details = `${composed.locale} ${composed.register} ${composed.source}, confidence ${composed.confidence}`;
    return {
      text: `SALUTATION ${markers.around(salutation?.value ?? '')} ${details}. ${markers.notice}`,
      data: { salutation, ...composed },
    };
  },
});
