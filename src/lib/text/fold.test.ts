import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctLabels, fold, labelKey } from './fold.ts';
import { inOrder, sortKey } from './sort-key.ts';

describe('fold', () => {
  it.each(["'", '’', '‘', 'ʼ', 'ʹ', '`', '´', '′', '＇', 'ʻ', '‛'])('removes the apostrophe %s', (apostrophe) => {
    expect(fold(`Дем${apostrophe}яненко`)).toBe('демяненко');
    expect(fold(`O${apostrophe}Brien`)).toBe('obrien');
  });

  it.each(['-', '‐', '‑', '‒', '–', '—', '−', '－', '\u00ad'])('removes the hyphen %s', (hyphen) => {
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
  ])('folds %j to %j', (text, expected) => {
    expect(fold(text)).toBe(expected);
  });

  it('is idempotent', () => {
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
  ])('keeps %s and %s apart', (a, b) => {
    expect(fold(a)).not.toBe(fold(b));
  });
});

describe('labelKey', () => {
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
  ])('gives %j and %j the same key', (a, b) => {
    expect(labelKey(a)).toBe(labelKey(b));
  });

  it.each([
    ['cafe', 'café'],
    ['b2b', 'b-2-b'],
    ['ı', 'i'],
  ])('gives %j and %j different keys', (a, b) => {
    expect(labelKey(a)).not.toBe(labelKey(b));
  });

  it('lets distinctLabels keep the known spelling of a label, or else the first', () => {
    expect(distinctLabels(['VIP', 'vip', 'new'])).toEqual(['VIP', 'new']);
    expect(distinctLabels(['VIP', 'new'], ['vip', 'old'])).toEqual(['vip', 'new']);
  });
});

describe('sortKey', () => {
  it('orders names by letters, then by accents', () => {
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

  it('fits into an index entry for names of any length and script', () => {
    for (const letter of ['ﷺ', '😀', 'a', '𠀀']) {
      const key = sortKey(letter.repeat(500));
      expect(Buffer.byteLength(key)).toBeLessThan(2_600);
      expect(key.isWellFormed()).toBe(true);
    }
  });
});
