import { RegisterEnum } from '../customers/enums.ts';
import { computed, id, maskedIfContact, nullable, sqlType, text, value } from '../graphql/sql-types.ts';
import { localAt } from '../lib/zoned-time.ts';
import { recorded } from './fact-schema.ts';

type Salutations = { salutation: Record<string, string>; locale: string | null };

/** Picks the salutation for the customer's locale, or else one for its language. */
function salutationOf({ salutation, locale }: Salutations): string | null {
  const language = (of: string | null) => of?.split('-')[0];
  const inLanguage = Object.keys(salutation).find((each) => language(each) === language(locale));
  return salutation[locale ?? ''] ?? salutation[language(locale) ?? ''] ?? salutation[inLanguage ?? ''] ?? null;
}

export const Identity = sqlType('ContextIdentity', 'Name of the customer and how to address them, always current.', {
  displayName: text('Customer', 'c', 'displayName', 'Name shown in lists. Never empty.'),
  givenName: nullable(text('Customer', 'c', 'givenName', 'First name of the customer. Null if unknown.')),
  familyName: nullable(text('Customer', 'c', 'familyName', 'Last name of the customer. Null if unknown.')),
  shortName: nullable(text('Customer', 'c', 'shortName', 'Name the customer likes to be called. Null if unknown.')),
  title: nullable(text('Customer', 'c', 'title', 'Title, such as Dr, Prof. or inż. Null if unknown.')),
  salutation: nullable(
    computed(
      { name: 'String', ref: 'String' },
      `CASE WHEN c."salutation"::text <> '{}' THEN json_build_object('salutation', c."salutation", 'locale', c."locale") END`,
      (given, asked) => maskedIfContact(salutationOf(given as Salutations), asked),
      'Salutation stored for the customer’s language, such as "Panie Tomaszu". Use it verbatim. Null if none is stored.',
    ),
  ),
  register: nullable(value(RegisterEnum, 'c."register"', 'Level of formality to use. Null if unknown.')),
  locale: nullable(value('Locale', 'c."locale"', 'Language and region to write in. Null if unknown.')),
  timezone: nullable(value('TimeZone', 'c."timezone"', 'Time zone of the customer. Null if unknown.')),
  localTime: nullable(
    computed(
      { name: 'String', ref: 'String' },
      'c."timezone"',
      (timezone, { values }) => localAt(values.at as Date, String(timezone)),
      'Local time of the customer with its UTC offset: "2026-11-24T13:05:00+01:00". Null if the time zone is unknown.',
    ),
  ),
  country: nullable(value('CountryCode', 'c."country"', 'Country the customer lives in. Null if unknown.')),
  customerId: id('Customer', 'c."id"', 'ID of the customer that the context describes.'),
  fact: recorded('Customer', 'c."id"', 'c."updatedAt"'),
});
