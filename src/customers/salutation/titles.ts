import { type Gender, namesIn } from './names.ts';

/** Title that Polish, Ukrainian or English address a customer by. */
export type Role = 'PROFESSOR' | 'DOCTOR' | 'LAWYER' | 'DIRECTOR' | 'ENGINEER';

/** What a title says of a customer. `courtesy` is an English courtesy title, such as Ms. */
export type Title = { gender: Gender | null; role: Role | null; courtesy: string | null; isClergy: boolean };

// Highest first: someone with several titles is addressed by the highest.
const roles: Record<Role, ReadonlySet<string>> = {
  PROFESSOR: namesIn('prof profesor professor profesorka проф професор професорка'),
  DOCTOR: namesIn('dr doktor doctor doktorka lek lekarz lekarka д-р др доктор докторка'),
  LAWYER: namesIn('mec mecenas adw adwokat адв адвокат'),
  DIRECTOR: namesIn('dyr dyrektor дир директор'),
  ENGINEER: namesIn('inż inz inżynier інж інженер'),
};

// The clergy is addressed in forms that neither Pan nor пан fits.
const clergy = namesIn(
  'ks ksiądz o ojciec br brat s siostra bp biskup abp arcybiskup kard kardynał rev fr father отець о',
);

const courtesies: Record<string, { gender: Gender | null; english: string }> = {
  pan: { gender: 'MASCULINE', english: 'Mr' },
  pani: { gender: 'FEMININE', english: 'Ms' },
  пан: { gender: 'MASCULINE', english: 'Mr' },
  пані: { gender: 'FEMININE', english: 'Ms' },
  mr: { gender: 'MASCULINE', english: 'Mr' },
  mrs: { gender: 'FEMININE', english: 'Mrs' },
  ms: { gender: 'FEMININE', english: 'Ms' },
  miss: { gender: 'FEMININE', english: 'Miss' },
  mx: { gender: null, english: 'Mx' },
  herr: { gender: 'MASCULINE', english: 'Mr' },
  frau: { gender: 'FEMININE', english: 'Ms' },
};

/** Reads the title of a customer, which may consist of several: "prof. dr hab. inż." */
export function titleOf(text: string | null): Title {
  const words = (text ?? '')
    .normalize('NFC')
    .toLowerCase()
    .split(/[\s.,/]+/);
  const found = words.flatMap((word) => (Object.hasOwn(courtesies, word) ? (courtesies[word] ?? []) : []));
  const isKnown = new Set(found.map(({ english }) => english)).size === 1;
  return {
    gender: onlyOne(found.map(({ gender }) => gender)),
    role: (Object.keys(roles) as Role[]).find((role) => words.some((word) => roles[role].has(word))) ?? null,
    courtesy: isKnown ? (found[0]?.english ?? null) : null,
    isClergy: words.some((word) => clergy.has(word)),
  };
}

// Words of a salutation that only one gender is addressed with.
const masculineWords = namesIn('pan panie szanowny drogi mr sir пан пане шановний herr');
const feminineWords = namesIn('pani szanowna droga mrs ms miss madam пані шановна frau');

/** Returns the gender that a salutation is written for. Null if it shows none or, as "Panie / Pani", both. */
export function genderOfSalutation(text: string): Gender | null {
  const words = text
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{Letter}]+/u);
  return onlyOne(
    words.map((word) => (masculineWords.has(word) ? 'MASCULINE' : feminineWords.has(word) ? 'FEMININE' : null)),
  );
}

function onlyOne(genders: (Gender | null)[]): Gender | null {
  const [gender = null, other] = new Set(genders.flatMap((each) => each ?? []));
  return other === undefined ? gender : null;
}
