import {
  capitalized,
  confidenceOf,
  type Form,
  type Gender,
  inflectFirst,
  type NameGender,
  withEnding,
} from '../names.ts';
import { epicene, feminine, masculine, masculineEnding, masculineInA, vocatives } from './ukrainian-names.ts';

const letters = /^[абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’]+$/;

/** Returns the gender of a given name in Ukrainian. Null if both are possible, or if the name is foreign and unknown. */
export function ukrainianGender(name: string): NameGender | null {
  const [first = ''] = name.split(/[ -]/);
  const lower = folded(first);
  if (epicene.has(lower)) return null;
  if (masculine.has(lower) || masculineInA.has(lower)) return { gender: 'MASCULINE', isCertain: true };
  if (feminine.has(lower)) return { gender: 'FEMININE', isCertain: true };
  if (!letters.test(lower)) return null;
  if (/[ая]$/.test(lower)) return { gender: 'FEMININE', isCertain: true };
  if (masculineEnding.test(lower)) return { gender: 'MASCULINE', isCertain: true };
  return /[еиіїоуюєь]$/.test(lower) ? null : { gender: 'MASCULINE', isCertain: false };
}

/**
 * Returns the vocative of a given name in Ukrainian: Олено, Маріє, Ігорю, Петре. Null if it depends on a gender that
 * neither the caller nor the name tells.
 */
export function ukrainianVocative(name: string, gender: Gender | null): Form | null {
  return inflectFirst(name, (part) => vocativeOf(part, gender));
}

function vocativeOf(name: string, given: Gender | null): Form | null {
  const lower = folded(name);
  const listed = vocatives.get(lower);
  if (listed !== undefined) return { text: capitalized(listed), confidence: confidenceOf.listed };
  if (!letters.test(lower)) return { text: name, confidence: confidenceOf.unchanged };
  if (/[ая]$/.test(lower)) return { text: withEnding(name, endingsInA), confidence: confidenceOf.rule };
  const known = ukrainianGender(name);
  const gender = given ?? known?.gender ?? null;
  const isKnown = given !== null || known?.isCertain;
  const form = (endings: Endings) => ({
    text: withEnding(name, endings),
    confidence: confidenceOf[isKnown ? 'rule' : 'likely'],
  });
  if (gender === 'FEMININE') return form(feminineEndings);
  if (gender === 'MASCULINE') return form(masculineEndings);
  return /[еиіїоуює]$/.test(lower) ? { text: name, confidence: confidenceOf.unchanged } : null;
}

// Keyboards produce several apostrophes.
function folded(name: string): string {
  return name.toLowerCase().replace(/['ʼ]/g, '’');
}

type Endings = readonly (readonly [RegExp, string])[];

// Names in -а and -я have the same vocative for men and women.
const endingsInA: Endings = [
  [/а$/, 'о'],
  [/(?<=[аеєиіїоуюяй’'ʼ])я$/i, 'є'],
  [/я$/, 'ю'],
];

const feminineEndings: Endings = [[/ь$/, 'е']];

const masculineEndings: Endings = [
  [/[йь]$/, 'ю'],
  [/(?<=к)о$/, 'у'],
  [/(?<=[аиі]й?л|вл)о$/, 'е'],
  [/(?<=[гґкх])$/, 'у'],
  [/(?<=[бвджзлмнпрстфцчшщ])$/, 'е'],
];
