import { confidenceOf, type Form, type Gender, type NameGender } from '../names.ts';
import type { Role, Title } from '../titles.ts';

/** Where a salutation is used. */
export type SalutationForm = 'SPOKEN' | 'LETTER';

/** Customer as a language addresses them. Texts that are no names are null, and so is a gender that is not certain. */
export type Addressee = {
  givenName: string | null;
  familyName: string | null;
  shortName: string | null;
  title: Title;
  gender: Gender | null;
};

/** How a language addresses customers. A salutation is null if none is certain to suit the customer. */
export type Language = {
  /** Greeting that suits everyone at any time of the day. */
  neutral: string;
  /** Returns the gender of a given name. Null if the name leaves it open. */
  genderOf(name: string): NameGender | null;
  formal(addressee: Addressee, form: SalutationForm): Form | null;
  informal(addressee: Addressee, form: SalutationForm): Form | null;
};

type Words = {
  neutral: string;
  /** Greeting before a vocative: "Cześć, Anno". */
  hello: string;
  /** Address before a vocative or a title: "Panie Tomaszu", "Panie Doktorze". */
  address: Record<Gender, Record<SalutationForm, string>>;
  /** Whether a formal letter addresses customers by their given names. */
  hasNamesInLetters: boolean;
  /** Titles as they follow the address. A customer whose gender has none is addressed by name. */
  roles: Record<Role, Partial<Record<Gender, string>>>;
  genderOf(name: string): NameGender | null;
  /** Returns the vocative of a given name. Null if it depends on a gender that is unknown. */
  vocativeOf(name: string, gender: Gender | null): Form | null;
};

/** Returns how a language with a vocative and a gendered formal address addresses customers. */
export function languageWithVocative(words: Words): Language {
  const { neutral, hello, address, hasNamesInLetters, roles, genderOf, vocativeOf } = words;
  return {
    neutral,
    genderOf,
    formal({ givenName, gender, title }, form) {
      if (gender === null) return null;
      const opening = address[gender][form];
      const role = title.role && roles[title.role][gender];
      if (role) return { text: `${opening} ${role}`, confidence: confidenceOf.rule };
      const name = givenName === null ? null : vocativeOf(givenName, gender);
      // A letter does without a name that is unknown or stays uninflected.
      const isUsable = hasNamesInLetters && name !== null && name.confidence > confidenceOf.unchanged;
      if (form === 'LETTER' && !isUsable) return { text: opening, confidence: confidenceOf.rule };
      return name && { text: `${opening} ${name.text}`, confidence: name.confidence };
    },
    informal({ givenName, shortName, gender }) {
      const called = shortName ?? givenName;
      const name = called === null ? null : vocativeOf(called, gender);
      return name && { text: `${hello}, ${name.text}`, confidence: name.confidence };
    },
  };
}
