import {
  capitalized,
  confidenceOf,
  type Form,
  type Gender,
  inflectFirst,
  type NameGender,
  withEnding,
} from '../names.ts';
import {
  epicene,
  feminine,
  foreignMasculine,
  masculine,
  masculineEnding,
  masculineInA,
  vocatives,
} from './polish-names.ts';

const letters = /^[a-ząćęłńóśźż]+$/;
const vowel = /[aeiouyąęó]$/;

// Spellings that Polish does not have, so that its rules do not apply.
const foreign = /[qvx]|th|ph|sh|ck|ee|oo|ou|gh|hn|wn$|[aeiouy]h$|^y|[aeiou]y|(?<!ie)c$|c[ao]$|ng$|([^aeiou])\1$/;

/** Returns the gender of a given name in Polish. Null if both are possible, or if the name is foreign and unknown. */
export function polishGender(name: string): NameGender | null {
  const [lower = ''] = name.toLowerCase().split(/[ -]/);
  if (epicene.has(lower)) return null;
  if (masculine.has(lower) || masculineInA.has(lower) || foreignMasculine.has(lower))
    return { gender: 'MASCULINE', isCertain: true };
  if (feminine.has(lower)) return { gender: 'FEMININE', isCertain: true };
  if (!letters.test(lower)) return null;
  if (lower.endsWith('a')) return { gender: 'FEMININE', isCertain: !foreign.test(lower) };
  if (masculineEnding.test(lower)) return { gender: 'MASCULINE', isCertain: true };
  // Short names are often foreign: Jin, Ren, Min.
  if (lower.length <= 3) return null;
  const isInflected = lower.endsWith('o') ? withEnding(lower, endingsInO(lower)) !== lower : !vowel.test(lower);
  return isInflected && !foreign.test(lower) ? { gender: 'MASCULINE', isCertain: false } : null;
}

/**
 * Returns the vocative of a given name in Polish: Anno, Kasiu, Tomaszu, Pawle. Null if it depends on a gender that
 * neither the caller nor the name tells.
 */
export function polishVocative(name: string, gender: Gender | null): Form | null {
  return inflectFirst(name, (part) => vocativeOf(part, gender));
}

function vocativeOf(name: string, given: Gender | null): Form | null {
  const lower = name.toLowerCase();
  const listed = vocatives.get(lower);
  if (listed !== undefined) return { text: capitalized(listed), confidence: confidenceOf.listed };
  // Polish writes v and x as w and ks, so these letters alone make no known name foreign.
  const isForeign = foreign.test(masculine.has(lower) ? lower.replace(/[vx]/g, 'w') : lower);
  if (lower.endsWith('a') && letters.test(lower))
    return { text: withEnding(name, endingsInA(lower)), confidence: confidenceOf[isForeign ? 'likely' : 'rule'] };
  if (!letters.test(lower) || isForeign || foreignMasculine.has(lower))
    return { text: name, confidence: confidenceOf.unchanged };
  const inflected = withEnding(name, lower.endsWith('o') ? endingsInO(lower) : masculineEndings);
  const known = polishGender(lower);
  const gender = given ?? known?.gender ?? null;
  if (inflected === name || gender === 'FEMININE') return { text: name, confidence: confidenceOf.rule };
  if (gender === null) return null;
  return { text: inflected, confidence: confidenceOf[given || known?.isCertain ? 'rule' : 'likely'] };
}

type Endings = readonly (readonly [RegExp, string])[];

// Names in -a have the same vocative for men and women. Pet names with a soft consonant take -u: Kasiu, Aniu, Maju.
function endingsInA(lower: string): Endings {
  const isShort = syllablesOf(lower) <= 2;
  return [
    ...(syllablesOf(lower) <= 3 ? ([[/(?<=s|z)ia$/, 'iu']] as const) : []),
    [/(?<=un|yn)ia$/, 'iu'],
    ...(isShort ? [[/(?<=n)ia$/, 'iu'] as const, [/(?<=[aeiouy]j)a$/, 'u'] as const] : []),
    [/(?<=iol)a$/, 'u'],
    [/a$/, 'o'],
  ];
}

// Slavic names in -ko and -cho, and pet names such as Stasio. Hugo, Mario and Antonio stay unchanged.
function endingsInO(lower: string): Endings {
  return [[/(?<=[^aeiouyąęó]k|ch)o$/, 'u'], ...(syllablesOf(lower) <= 2 ? ([[/(?<=[szcn]i)o$/, 'u']] as const) : [])];
}

const masculineEndings: Endings = [
  [/siek$/, 'śku'],
  [/ciek$/, 'ćku'],
  [/dziek$/, 'dźku'],
  [/ziek$/, 'źku'],
  [/niek$/, 'ńku'],
  [/i?ek$/, 'ku'],
  [/niec$/, 'ńcu'],
  [/i?ec$/, 'cu'],
  [/(?<=rz|[scd]z|[cjlkgżh])$/, 'u'],
  [/eł$/, 'le'],
  [/sł$/, 'śle'],
  [/ł$/, 'le'],
  [/(?<=and|p)er$/, 'rze'],
  [/r$/, 'rze'],
  [/st$/, 'ście'],
  [/t$/, 'cie'],
  [/zd$/, 'ździe'],
  [/d$/, 'dzie'],
  [/ś$/, 'siu'],
  [/ź$/, 'ziu'],
  [/ć$/, 'ciu'],
  [/ń$/, 'niu'],
  [/sn$/, 'śnie'],
  [/x$/, 'ksie'],
  [/(?<=[szmnbpwfv])$/, 'ie'],
];

// Counts the vowels. An i before another vowel only softens the consonant.
function syllablesOf(lower: string): number {
  return lower.replace(/i(?=[aeouyąęó])/g, '').match(/[aeiouyąęó]/g)?.length ?? 0;
}
