import { RegisterEnum } from '../customers/enums.ts';
import { computed, id, maskedIfContact, nullable, sqlType, text, value } from '../graphql/sql-types.ts';
import { localAt } from '../lib/zoned-time.ts';
import { recorded } from './fact-schema.ts';

type Salutations = { salutation: Record<string, string>; locale: string | null };

/** In their locale, else in their language. */
function salutationOf({ salutation, locale }: Salutations): string | null {
  const language = (of: string | null) => of?.split('-')[0];
  const inLanguage = Object.keys(salutation).find((each) => language(each) === language(locale));
  return salutation[locale ?? ''] ?? salutation[language(locale) ?? ''] ?? salutation[inLanguage ?? ''] ?? null;
}

export const Identity = sqlType('ContextIdentity', 'Who somebody is and how to address them. Always as it is today.', {
  displayName: text('Customer', 'c', 'displayName', 'What to call them in lists; never empty.'),
  givenName: nullable(text('Customer', 'c', 'givenName', 'First name. Null: not known.')),
  familyName: nullable(text('Customer', 'c', 'familyName', 'Last name. Null: not known.')),
  shortName: nullable(text('Customer', 'c', 'shortName', 'What they like to be called. Null: not known.')),
  title: nullable(text('Customer', 'c', 'title', 'Dr, Prof., inż. Null: none known.')),
  salutation: nullable(
    computed(
      { name: 'String', ref: 'String' },
      `CASE WHEN c."salutation"::text <> '{}' THEN json_build_object('salutation', c."salutation", 'locale', c."locale") END`,
      (given, asked) => maskedIfContact(salutationOf(given as Salutations), asked),
      'As it is stored for their language, to be written as it stands: "Panie Tomaszu". Null: none stored.',
    ),
  ),
  register: nullable(value(RegisterEnum, 'c."register"', 'How formally to speak to them. Null: not known.')),
  locale: nullable(value('Locale', 'c."locale"', 'The language to write to them in. Null: not known.')),
  timezone: nullable(value('TimeZone', 'c."timezone"', 'Where their clock stands. Null: not known.')),
  localTime: nullable(
    computed(
      { name: 'String', ref: 'String' },
      'c."timezone"',
      (timezone, { values }) => localAt(values.at as Date, String(timezone)),
      'What their clock shows now, with its offset: "2026-11-24T13:05:00+01:00". Null: their time zone is not known.',
    ),
  ),
  country: nullable(value('CountryCode', 'c."country"', 'Where they live. Null: not known.')),
  customerId: id('Customer', 'c."id"', 'The id of the customer.'),
  fact: recorded('Customer', 'c."id"', 'c."updatedAt"'),
});
