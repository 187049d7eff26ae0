import { english } from './languages/english.ts';
import type { Addressee, Language, SalutationForm } from './languages/language.ts';
import { polish } from './languages/polish.ts';
import { ukrainian } from './languages/ukrainian.ts';
import { type Gender, nameOf } from './names.ts';
import { genderOfSalutation, titleOf } from './titles.ts';

type Register = 'FORMAL' | 'INFORMAL';

/** Columns of a customer that a salutation depends on. */
export const salutationColumns = {
  givenName: true,
  familyName: true,
  shortName: true,
  title: true,
  register: true,
  salutation: true,
  locale: true,
  country: true,
} as const;

export type SalutationCustomer = {
  givenName: string | null;
  familyName: string | null;
  shortName: string | null;
  title: string | null;
  register: Register | null;
  /** Stored salutations by language tag. */
  salutation: unknown;
  locale: string | null;
  country: string | null;
};

/** What is asked for. Where it says nothing, the customer decides. */
export type SalutationRequest = {
  locale?: string | null | undefined;
  register?: Register | null | undefined;
  form?: SalutationForm | null | undefined;
};

export type ComposedSalutation = {
  text: string;
  locale: string;
  register: Register;
  source: 'STORED' | 'RULE' | 'FALLBACK';
  confidence: number;
};

const languages: Readonly<Record<string, Language>> = { en: english, pl: polish, uk: ukrainian };
const languagesOfCountries: Readonly<Record<string, string>> = { PL: 'pl', UA: 'uk' };

/**
 * Chooses how to address a customer: a stored salutation in the language, else one by the rules of the language, else a
 * neutral greeting without a name. The register defaults to FORMAL.
 */
export function composeSalutation(customer: SalutationCustomer, request: SalutationRequest = {}): ComposedSalutation {
  const stored = storedSalutations(customer);
  const register = request.register ?? customer.register ?? 'FORMAL';
  const locale = request.locale ?? customer.locale ?? onlyLanguage(stored) ?? languageOfCountry(customer);
  const inLanguage = storedIn(stored, locale);
  if (inLanguage) return { ...inLanguage, register, source: 'STORED', confidence: 1 };
  const language = languages[languageOf(locale)];
  if (!language) return { text: english.neutral, locale: 'en', register, source: 'FALLBACK', confidence: 0 };
  const addressee = addresseeOf(customer, stored, language);
  const composed =
    addressee && (register === 'FORMAL' ? language.formal : language.informal)(addressee, request.form ?? 'SPOKEN');
  if (composed) return { ...composed, locale, register, source: 'RULE' };
  return { text: language.neutral, locale, register, source: 'FALLBACK', confidence: 0 };
}

type Stored = { locale: string; text: string };

function storedSalutations({ salutation }: SalutationCustomer): Stored[] {
  return Object.entries(salutation ?? {}).map(([locale, text]) => ({ locale, text: String(text) }));
}

function languageOf(locale: string): string {
  return locale.split('-')[0] ?? '';
}

// Prefers the same locale, then one without a region.
function storedIn(stored: Stored[], locale: string): Stored | undefined {
  const language = languageOf(locale);
  return (
    stored.find((each) => each.locale === locale) ??
    stored.find((each) => each.locale === language) ??
    stored.find((each) => languageOf(each.locale) === language)
  );
}

function onlyLanguage(stored: Stored[]): string | null {
  const [only = null, other] = stored.map(({ locale }) => locale);
  return other === undefined ? only : null;
}

function languageOfCountry({ country }: SalutationCustomer): string {
  return languagesOfCountries[country ?? ''] ?? 'en';
}

// Returns null if what is known of the customer contradicts itself, or if no rule covers their title.
function addresseeOf(customer: SalutationCustomer, stored: Stored[], language: Language): Addressee | null {
  const title = titleOf(customer.title);
  const [givenName, familyName, shortName] = [customer.givenName, customer.familyName, customer.shortName].map(
    nameOf,
  ) as [string | null, string | null, string | null];
  const known = givenName ?? shortName;
  const ofName = known === null ? null : language.genderOf(known);
  const stated = [title.gender, ...stored.map(({ text }) => genderOfSalutation(text))];
  const genders = new Set<Gender>([...stated, ofName?.isCertain ? ofName.gender : null].flatMap((each) => each ?? []));
  if (title.isClergy || genders.size > 1) return null;
  const [gender = null] = genders;
  return { givenName, familyName, shortName, title, gender };
}
