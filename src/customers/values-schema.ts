import { type ArgBuilder, builder } from '../graphql/builder.ts';
import { valueObject } from '../graphql/cost/points.ts';
import { ofCustomer } from '../graphql/personal-data/pii.ts';
import { classOfText } from '../lib/pii.ts';
import { RegisterEnum, SalutationFormEnum, SalutationSourceEnum } from './enums.ts';
import { composeSalutation, type SalutationCustomer, salutationColumns } from './salutation/compose-salutation.ts';

/** Salutation of a customer. */
export const Salutation = builder.simpleObject('Salutation', {
  extensions: valueObject,
  description: 'Salutation of a customer in one language.',
  fields: (t) => ({
    locale: t.field({ type: 'Locale', description: 'Language of the salutation.' }),
    text: t.string({
      pii: classOfText,
      description: 'Text of the salutation, such as "Panie Tomaszu". Use it verbatim.',
    }),
  }),
});

const ComposedSalutation = builder.simpleObject('ComposedSalutation', {
  extensions: valueObject,
  description: 'How to address a customer.',
  fields: (t) => ({
    text: t.string({
      pii: classOfText,
      description: 'Text of the salutation, such as "Panie Tomaszu" or "Dear Dr Hernandez". Use it verbatim.',
    }),
    locale: t.field({
      type: 'Locale',
      description: 'Language of the text. `en` if Rapport has no rules for the requested language.',
    }),
    register: t.field({
      type: RegisterEnum,
      description: 'Level of formality that was asked for. A stored salutation may have another.',
    }),
    source: t.field({ type: SalutationSourceEnum, description: 'Basis of the salutation.' }),
    confidence: t.float({
      description:
        'Confidence that the name has the right form, from 0 to 1. 1 for a stored salutation, 0.5 for a name that ' +
        'stays uninflected because it is foreign to the language, 0 for a neutral greeting.',
    }),
  }),
});

/** Definition of a field with the salutation of a customer. */
export const composedSalutation = {
  type: ComposedSalutation,
  description:
    'Salutation for the customer: a stored one in the language, or else one by the rules of Polish, Ukrainian or ' +
    'English, or else a neutral greeting. A formal salutation never guesses a gender.',
  args: (t: ArgBuilder) => ({
    locale: t.arg({
      type: 'Locale',
      description:
        'Language of the salutation. Defaults to the customer’s language, or else to that of their only stored ' +
        'salutation, or else to that of their country if it is Poland or Ukraine, or else to English.',
    }),
    register: t.arg({
      type: RegisterEnum,
      description: 'Level of formality. Defaults to that of the customer, or else to `FORMAL`.',
    }),
    form: t.arg({ type: SalutationFormEnum, description: 'Where the salutation is used. Defaults to `SPOKEN`.' }),
  }),
  select: { id: true, ...salutationColumns },
  resolve: ({ id, ...customer }: SalutationCustomer & { id: string }, request: object) =>
    ofCustomer(id, composeSalutation(customer, request)),
} as const;

/** Birthday of a customer. */
export const Birthday = builder.simpleObject('Birthday', {
  extensions: valueObject,
  description: 'Birthday of a customer. February 29 is stored as is, and falls on February 28 in non-leap years.',
  fields: (t) => ({
    month: t.int({
      nullable: true,
      description: 'Month of the birthday, 1 to 12. Null if the key lacks `pii:birthday`.',
    }),
    day: t.int({
      nullable: true,
      description: 'Day of the month, 1 to 31. Null if the key lacks `pii:birthday`.',
    }),
    year: t.int({ nullable: true, description: 'Year of birth. Null if unknown or masked.' }),
  }),
});

/** Quiet hours of a customer. */
export const QuietHours = builder.simpleObject('QuietHours', {
  extensions: valueObject,
  description: 'Daily time span, which may cross midnight.',
  fields: (t) => ({
    from: t.field({ type: 'LocalTime', description: 'Start of the time span.' }),
    until: t.field({ type: 'LocalTime', description: 'End of the time span.' }),
  }),
});
