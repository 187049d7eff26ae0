/** Grammatical gender in which a customer is addressed. */
export type Gender = 'MASCULINE' | 'FEMININE';

/** Gender of a given name in a language. It is likely, not certain, if only the ending of an unlisted name tells it. */
export type NameGender = { gender: Gender; isCertain: boolean };

/** Form of a name, or a whole salutation, with the confidence that it is right. */
export type Form = { text: string; confidence: number };

/** Confidence in a form, by what it is based on. */
export const confidenceOf = { listed: 0.99, rule: 0.95, likely: 0.7, unchanged: 0.5 } as const;

/** Splits a table of names that is written as one text. */
export function namesIn(table: string): ReadonlySet<string> {
  return new Set(table.trim().split(/\s+/));
}

/** Splits a table of irregular forms, written as `name form`, one per line. */
export function formsIn(table: string): ReadonlyMap<string, string> {
  return new Map(
    table
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/) as [string, string]),
  );
}

/** Returns a pattern for names with one of the endings. */
export function endingIn(endings: string): RegExp {
  return new RegExp(`(?:${endings.trim().split(/\s+/).join('|')})$`);
}

const nameShape = /^\p{Letter}[\p{Letter}\p{Mark}'’ʼ -]*$/u;
const initial = /^[\p{Script=Latin}\p{Script=Cyrillic}]$/u;

/**
 * Returns a name as it is written in a salutation. Null if the text is no name: it holds digits or punctuation, like an
 * email address, or is only an initial. Names in capitals or small letters get an initial capital.
 */
export function nameOf(text: string | null): string | null {
  const name = (text ?? '').normalize('NFC').trim().replace(/\s+/g, ' ');
  if (name.length > 40 || !nameShape.test(name) || initial.test(name)) return null;
  const isPlain = name === name.toLowerCase() || name === name.toUpperCase();
  return isPlain ? name.toLowerCase().replace(/(?<=^|[ -])\p{Letter}/gu, (letter) => letter.toUpperCase()) : name;
}

/** Changes the ending of a name by the first rule that applies. */
export function withEnding(name: string, rules: readonly (readonly [RegExp, string])[]): string {
  for (const [ending, replacement] of rules) if (ending.test(name)) return name.replace(ending, replacement);
  return name;
}

/** Returns a listed form with the initial capital of the name. */
export function capitalized(form: string): string {
  return form.slice(0, 1).toUpperCase() + form.slice(1);
}

/**
 * Inflects the first of several given names, and each part of a double one. `inflect` returns null if the form depends
 * on a gender that is unknown. If it leaves a part unchanged because it is foreign, the whole name stays.
 */
export function inflectFirst(name: string, inflect: (part: string) => Form | null): Form | null {
  const [first = ''] = name.split(' ');
  const parts = first.split('-').map(inflect);
  const forms = parts.flatMap((part) => part ?? []);
  if (forms.length < parts.length) return null;
  const confidence = Math.min(...forms.map((form) => form.confidence));
  if (confidence <= confidenceOf.unchanged) return { text: name, confidence };
  return { text: forms.map(({ text }) => text).join('-'), confidence };
}
