import { builder } from '../graphql/builder.ts';
import { valueObject } from '../graphql/cost/points.ts';
import { classOfText } from '../lib/pii.ts';

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
