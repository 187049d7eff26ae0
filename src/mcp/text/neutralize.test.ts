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
