import { confidenceOf, type Form } from '../names.ts';
import type { Role } from '../titles.ts';
import type { Addressee, Language, SalutationForm } from './language.ts';

const roles: Partial<Record<Role, string>> = { PROFESSOR: 'Professor', DOCTOR: 'Dr' };

const openings: Record<SalutationForm, string> = { SPOKEN: 'Hello', LETTER: 'Dear' };

/** English has no vocative, and only a courtesy title that is stored shows a gender. */
export const english: Language = { neutral: 'Hello', genderOf: () => null, formal, informal };

function formal({ givenName, familyName, title }: Addressee, form: SalutationForm): Form | null {
  const role = (title.role && roles[title.role]) ?? title.courtesy;
  if (role && familyName) return opening(form, `${role} ${familyName}`);
  if (givenName === null) return null;
  return opening(form, familyName === null ? givenName : `${givenName} ${familyName}`);
}

function informal({ givenName, shortName }: Addressee, form: SalutationForm): Form | null {
  const called = shortName ?? givenName;
  return called === null ? null : opening(form, called);
}

function opening(form: SalutationForm, name: string): Form {
  const isLatin = /^[\p{Script=Latin}\p{Script=Inherited}'’ʼ -]+$/u.test(name);
  return { text: `${openings[form]} ${name}`, confidence: confidenceOf[isLatin ? 'rule' : 'unchanged'] };
}
