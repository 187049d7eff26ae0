import { readFileSync } from 'node:fs';
import * as tables from '../src/customers/salutation/languages/polish-names.ts';
import { polishGender, polishVocative } from '../src/customers/salutation/languages/polish-vocative.ts';
import type { Gender } from '../src/customers/salutation/names.ts';

/** Given name with the vocative it should have. */
export type Expected = { name: string; vocative: string; gender: Gender };

/** Reads lines of `name,vocative,gender`, with or without quotes. Women have the gender W, F or FEMININE. */
export function readVocatives(path: string): Expected[] {
  const lines = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const rows = lines.map((line) => line.split(',').map((cell) => cell.replace(/^"|"$/g, '')));
  return rows.flatMap(([name = '', vocative = '', gender = '']) =>
    gender === '' || gender === 'gender'
      ? []
      : { name, vocative, gender: /^M/.test(gender) ? 'MASCULINE' : 'FEMININE' },
  );
}

const listed = Object.values(tables).flatMap((table) => (table instanceof RegExp ? [] : table));
const isListed = ({ name }: Expected) => listed.some((table) => table.has(name.toLowerCase()));

type Count = { rows: number; misses: string[] };

function count(rows: Expected[], formOf: (row: Expected) => string | undefined): Count {
  const misses = rows.flatMap((row) => {
    const form = formOf(row);
    return form === row.vocative ? [] : `${row.name} → ${form ?? 'no form'}, not ${row.vocative}`;
  });
  return { rows: rows.length, misses };
}

/** Compares the Polish rules with a list of vocatives. */
export function compareWithRules(rows: Expected[]): Record<string, Count> {
  const byGender = ({ name, gender }: Expected) => polishVocative(name, gender)?.text;
  const genderOf = ({ name, gender, vocative }: Expected) => {
    const known = polishGender(name);
    return known === null || !known.isCertain || known.gender === gender ? vocative : `${known.gender}`;
  };
  return {
    'with the gender of the list': count(rows, byGender),
    'from the name alone': count(rows, ({ name }) => polishVocative(name, null)?.text),
    'names in no table, so by rules only': count(
      rows.filter((row) => !isListed(row)),
      byGender,
    ),
    'gender, where it counts as certain': count(rows, genderOf),
  };
}

/** Returns a line per comparison, and the misses under it. */
export function reportOf(counts: Record<string, Count>): string {
  return Object.entries(counts)
    .map(([what, { rows, misses }]) => {
      const share = ((100 * (rows - misses.length)) / rows).toFixed(2);
      return [`${share} % of ${rows}: ${what}`, ...misses.map((miss) => `  ${miss}`)].join('\n');
    })
    .join('\n');
}
