import { describe, expect, it } from 'vitest';
import { compareWithRules, readVocatives, reportOf } from '../../../../scripts/vocatives.ts';
import type { Gender } from '../names.ts';
import * as polishTables from './polish-names.ts';
import { polishGender, polishVocative } from './polish-vocative.ts';
import * as ukrainianTables from './ukrainian-names.ts';
import { ukrainianGender, ukrainianVocative } from './ukrainian-vocative.ts';

const fixture = (name: string) => readVocatives(`test/fixtures/salutation/${name}.csv`);

describe('Polish vocatives', () => {
  it('agree with at least 99 % of a published list', () => {
    const counts = compareWithRules(fixture('polish-vocatives'));
    console.info(reportOf(counts));

    expect(counts['with the gender of the list']).toEqual({ rows: 800, misses: [] });
    expect(counts['from the name alone']?.misses.length).toBeLessThanOrEqual(8);
    expect(counts['names in no table, so by rules only']).toMatchObject({ misses: [] });
    expect(counts['names in no table, so by rules only']?.rows).toBeGreaterThan(500);
    // The list takes the biblical Ruth for a man.
    expect(counts['gender, where it counts as certain']?.misses).toEqual(['Rut → FEMININE, not Rucie']);
  });

  it.each(fixture('common-polish'))('of $name is $vocative', ({ name, vocative, gender }) => {
    expect(polishVocative(name, null)?.text).toBe(vocative);
    expect(polishVocative(name, gender)?.text).toBe(vocative);
    expect(polishGender(name)).toEqual({ gender, isCertain: true });
  });

  it.each([
    ['Kasia', 'Kasiu'],
    ['Małgosia', 'Małgosiu'],
    ['Zuzia', 'Zuziu'],
    ['Madzia', 'Madziu'],
    ['Hania', 'Haniu'],
    ['Stefania', 'Stefanio'],
    ['Ksenia', 'Ksenio'],
    ['Marynia', 'Maryniu'],
    ['Ela', 'Elu'],
    ['Mariola', 'Mariolu'],
    ['Kaja', 'Kaju'],
    ['Łucja', 'Łucjo'],
    ['Kuba', 'Kubo'],
    ['Maciek', 'Maćku'],
    ['Krzysiek', 'Krzyśku'],
    ['Heniek', 'Heńku'],
    ['Józiek', 'Jóźku'],
    ['Krzyś', 'Krzysiu'],
    ['Wawrzyniec', 'Wawrzyńcu'],
    ['Sylwester', 'Sylwestrze'],
    ['Lew', 'Lwie'],
    ['Stasio', 'Stasiu'],
    ['Leszko', 'Leszku'],
    ['Hugo', 'Hugo'],
    ['Antonio', 'Antonio'],
    ['Jerzy', 'Jerzy'],
    ['Viktor', 'Viktorze'],
    ['Pawel', 'Pawle'],
    ['Anna-Maria', 'Anno-Mario'],
    ['Anna Maria', 'Anno'],
  ])('of %s is %s', (name, vocative) => {
    expect(polishVocative(name, null)?.text).toBe(vocative);
  });

  it.each(['John', 'William', 'Kevin', 'Mehmet', 'José', 'Nguyen', 'Zoë', 'Олена', 'Jean-Luc Marie'])(
    'leave %s unchanged with a low confidence',
    (name) => {
      for (const gender of ['MASCULINE', 'FEMININE'] as const)
        expect(polishVocative(name, gender)).toEqual({ text: name, confidence: 0.5 });
    },
  );
});

describe('Ukrainian vocatives', () => {
  it.each(fixture('common-ukrainian'))('of $name is $vocative', ({ name, vocative, gender }) => {
    expect(ukrainianVocative(name, null)?.text).toBe(vocative);
    expect(ukrainianVocative(name, gender)?.text).toBe(vocative);
    expect(ukrainianGender(name)).toEqual({ gender, isCertain: true });
  });

  // Names for which shevchenko 3.1.1 has another form, and why ours differs.
  const differences: Record<string, { ours: string; why: string }> = {
    'Дар’я': {
      ours: 'Дар’є',
      why: 'Я after an apostrophe becomes є, as after a vowel. shevchenko leaves the name as it is.',
    },
    Адель: { ours: 'Аделе', why: 'Women’s names in a soft consonant take е in the third declension, like Любов.' },
    Нінель: { ours: 'Нінеле', why: 'As Адель.' },
    Рахіль: { ours: 'Рахіле', why: 'As Адель.' },
    Назар: { ours: 'Назаре', why: 'Назар, Назара belongs to the hard group. Only Ігор and Лазар are soft.' },
    Тиміш: {
      ours: 'Тимоше',
      why: 'І becomes о in an open syllable: Тиміш, Тимоша. shevchenko does so for Федір and Яків.',
    },
  };

  it('agree with shevchenko on 200 common names, apart from named differences', () => {
    const rows = fixture('shevchenko-3.1.1');
    const found = rows.flatMap(({ name, vocative, gender }) => {
      const ours = ukrainianVocative(name, gender)?.text;
      return ours === vocative ? [] : [[name, ours]];
    });

    expect(rows).toHaveLength(200);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(Object.entries(differences).map(([name, { ours }]) => [name, ours])),
    );
  });

  it('need no gender for any of these names, and take none for the other', () => {
    const rows = fixture('shevchenko-3.1.1');

    for (const { name, gender } of rows) {
      expect(ukrainianGender(name), name).toEqual({ gender, isCertain: true });
      expect(ukrainianVocative(name, null)?.text, name).toBe(ukrainianVocative(name, gender)?.text);
    }
  });

  it.each([
    ['Саша', 'Сашо'],
    ['Катя', 'Катю'],
    ['Ія', 'Іє'],
    ["Мар'яна", "Мар'яно"],
    ['Марко', 'Марку'],
    ['Прокіп', 'Прокопе'],
    ['Фрідріх', 'Фрідріху'],
    ['Отто', 'Отто'],
    ['Tomasz', 'Tomasz'],
  ])('of %s is %s', (name, vocative) => {
    expect(ukrainianVocative(name, null)?.text).toBe(vocative);
  });
});

describe.each([
  ['Polish', polishTables, polishGender, polishVocative],
  ['Ukrainian', ukrainianTables, ukrainianGender, ukrainianVocative],
])('the gender of %s names', (_language, tables, genderOf, vocativeOf) => {
  it('is in one table only', () => {
    const names = Object.values<unknown>(tables).flatMap((table) => (table instanceof Set ? [...table] : []));

    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it.each([...tables.epicene])('is open for %s, and no form shows one', (name) => {
    const forms = (['MASCULINE', 'FEMININE'] as Gender[]).map((gender) => vocativeOf(name, gender)?.text);
    const alone = vocativeOf(name, null);

    expect(genderOf(name)).toBeNull();
    // Without a gender, there is a form only if it is the same for men and women.
    if (alone) expect(forms).toEqual([alone.text, alone.text]);
  });
});
