import { RegisterEnum } from '../../customers/enums.ts';
import {
  composeSalutation,
  type SalutationCustomer,
  salutationColumns,
} from '../../customers/salutation/compose-salutation.ts';
import { composedSalutation } from '../../customers/values-schema.ts';
import { timeOf } from '../../graphql/context.ts';
import { computed, id, maskedIfContact, nullable, sameAs, sqlType } from '../../graphql/sql/sql-types.ts';
import { localAt } from '../../lib/zoned-time.ts';
import { customerFact } from '../fact-schema.ts';

const salutationInput = Object.keys(salutationColumns)
  .map((column) => `'${column}', c."${column}"`)
  .join(', ');

const ofCustomer = (type: Parameters<typeof sameAs>[2], description: string) =>
  sameAs('Customer', 'c', type, description);

const shown = {
  displayName: ofCustomer('String', 'Name shown in lists. Never empty.'),
  givenName: nullable(ofCustomer('String', 'First name of the customer. Null if unknown.')),
  familyName: nullable(ofCustomer('String', 'Last name of the customer. Null if unknown.')),
  shortName: nullable(ofCustomer('String', 'Name the customer likes to be called. Null if unknown.')),
  title: nullable(ofCustomer('String', 'Title, such as Dr, Prof. or inż. Null if unknown.')),
  register: nullable(ofCustomer(RegisterEnum, 'Level of formality to use. Null if unknown.')),
  locale: nullable(ofCustomer('Locale', 'Language and region to write in. Null if unknown.')),
  timezone: nullable(ofCustomer('TimeZone', 'Time zone of the customer. Null if unknown.')),
  country: nullable(ofCustomer('CountryCode', 'Country the customer lives in. Null if unknown.')),
  composedSalutation: {
    ...ofCustomer(composedSalutation.type, composedSalutation.description),
    args: composedSalutation.args,
  },
};

/** Fields of the customer that a row of a context shows too. */
export const identityNames: ReadonlySet<string> = new Set(['id', ...Object.keys(shown)]);

export const Identity = sqlType('ContextIdentity', 'Name of the customer and how to address them, always current.', {
  ...shown,
  salutation: nullable(
    computed(
      'String',
      `json_build_object(${salutationInput})`,
      (customer, state) => maskedIfContact(composeSalutation(customer as SalutationCustomer).text, state),
      'Text of `composedSalutation` without arguments, such as "Panie Tomaszu". Use it verbatim. Never null.',
    ),
  ),
  localTime: nullable(
    computed(
      'String',
      'c."timezone"',
      (timezone, { context }) => localAt(timeOf(context), String(timezone)),
      'Local time of the customer with its UTC offset: "2026-11-24T13:05:00+01:00". Null if the time zone is unknown.',
    ),
  ),
  customerId: id('Customer', 'c."id"', 'ID of the customer that the context describes.'),
  fact: customerFact,
});
