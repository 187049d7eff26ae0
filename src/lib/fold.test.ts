import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctLabels, fold, labelKey } from './fold.ts';
import { inOrder, sortKey } from './sort-key.ts';

describe('folded letters', () => {
  it.each(["'", '’', '‘', 'ʼ', 'ʹ', '`', '´', '′', '＇', 'ʻ', '‛'])(
    'are the same with the apostrophe %s',
    (apostrophe) => {
      expect(fold(`Дем${apostrophe}яненко`)).toBe('демяненко');
      expect(fold(`O${apostrophe}Brien`)).toBe('obrien');
    },
  );

  it.each(['-', '‐', '‑', '‒', '–', '—', '−', '－', '\u00ad'])('are the same with the hyphen %s', (hyphen) => {
    expect(fold(`Nowak${hyphen}Kowalska`)).toBe('nowakkowalska');
  });

  it.each([
    ['Żółć', 'zolc'],
    ['Ївга', 'івга'],
    ['Zero\u200bWid\u2060th', 'zerowidth'],
    ['שָׁלוֹם', 'שלום'],
    ['مُحَمَّد', 'محمد'],
    ['ΌΔΟΣ', 'οδοσ'],
    ['Ｆｕｌｌ', 'full'],
    ['٦٠١', '601'],
    ['Acme™', 'acmetm'],
    ['№5', 'no5'],
    ['𝓐𝓷𝓷𝓪', 'anna'],
    ['𝐙𝟔', 'z6'],
    ['ᴸ㎏K', 'lkgk'],
    ['Ⅻ', 'xii'],
  ])('of %j are %j', (text, expected) => {
    expect(fold(text)).toBe(expected);
  });

  it('fold to themselves', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['की', 'का'],
    ['கி', 'கு'],
    ['กิ', 'กุ'],
    ['が', 'か'],
    ['ক', 'কি'],
  ])('tell %s from %s', (a, b) => {
    expect(fold(a)).not.toBe(fold(b));
  });
});

describe('labels', () => {
  it.each([
    ['VIP', 'vip'],
    ['Café', 'Cafe\u0301'],
    ['STRASSE', 'straße'],
    ['ΟΔΟΣ', 'οδος'],
    ['ＶＩＰ', 'vip'],
    [' vip', 'vip '],
    ['v\u200bip', 'vip'],
    ['\u202avip\u202c', 'VIP'],
    ['\u200b vip', 'vip\ufeff'],
  ])('%j and %j are one', (a, b) => {
    expect(labelKey(a)).toBe(labelKey(b));
  });

  it.each([
    ['cafe', 'café'],
    ['b2b', 'b-2-b'],
    ['ı', 'i'],
  ])('%j and %j are two', (a, b) => {
    expect(labelKey(a)).not.toBe(labelKey(b));
  });

  it('keep their first spelling, and the one they had before', () => {
    expect(distinctLabels(['VIP', 'vip', 'new'])).toEqual(['VIP', 'new']);
    expect(distinctLabels(['VIP', 'new'], ['vip', 'old'])).toEqual(['vip', 'new']);
  });
});

describe('names in order', () => {
  it('come by their letters, then by their accents', () => {
    expect(inOrder(['Łukasz', 'Ewa', 'Zoe', 'Ądam', 'adam', 'O’Brien', 'Ada Lovelace', 'Obrian', 'Ada'])).toEqual([
      'Ada',
      'Ada Lovelace',
      'adam',
      'Ądam',
      'Ewa',
      'Łukasz',
      'Obrian',
      'O’Brien',
      'Zoe',
    ]);
    expect(inOrder(['Zoe', '𝓐𝓷𝓷𝓪', '№5', 'Bob', 'Oslo'])).toEqual(['𝓐𝓷𝓷𝓪', 'Bob', '№5', 'Oslo', 'Zoe']);
  });

  it('have keys that an index can hold, however long and strange the names are', () => {
    for (const letter of ['ﷺ', '😀', 'a', '𠀀']) {
      const key = sortKey(letter.repeat(500));
      expect(Buffer.byteLength(key)).toBeLessThan(2_600);
      expect(key.isWellFormed()).toBe(true);
    }
  });
});
