import { expect, it } from 'vitest';
import { codeOf } from './names.ts';
import { neutralize } from './neutralize.ts';

it.each([
  ['[a](https://evil.example)', '[a] (https:/ /evil[.]example)'],
  ['<b>a</b> `c`', "‹b›a‹/b› 'c'"],
  ['a\u200bb\u202ec\n\td', 'abc d'],
  ['Costs 12.50. Thanks', 'Costs 12.50. Thanks'],
])('makes %j harmless', (text, harmless) => {
  expect(neutralize(text, 100)).toEqual({ value: harmless, isTruncated: false });
});

it('cuts after whole characters, and says so', () => {
  expect(neutralize('👩👩👩👩', 3)).toEqual({ value: '👩👩…', isTruncated: true });
});

it('keeps codes that agents send back', () => {
  expect(['delivery.day', '#W3947049', 'SHIRT.RED/XL'].map(codeOf)).toEqual([
    'delivery.day',
    '#W3947049',
    'SHIRT.RED/XL',
  ]);
  expect(codeOf('see https://evil.example')).toBe('see https:/ /evil[.]example');
});

it('returns plain words unchanged', () => {
  for (const words of ["Zażółć gęślą jaźń, O'Neill-Żak #7", 'Їжак і ґава', '12 SHIRT_RED'])
    expect(neutralize(words, 100)).toEqual({ value: words, isTruncated: false });
  expect(neutralize('one two', 5)).toEqual({ value: 'one…', isTruncated: true });
});

it('takes no other character for a plain word', () => {
  for (let code = 0; code < 0x10000; code++) {
    const text = `a${String.fromCharCode(code)}`;
    // A text with a dot is no plain word, so all replacements apply to it.
    const [value, isSame] = [neutralize(text, 2).value, neutralize(`${text} .`, 4).value.startsWith(text)];
    if (value === text) expect({ code, isSame }).toEqual({ code, isSame: true });
  }
});
