import { expect, it } from 'vitest';
import { printable, printableLines } from './printable.ts';

it.each([
  ['\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
  ['\u009b31m\u0090', '\\u009b31m\\u0090'],
  ['a\r\nb\tc\u007f', 'a\\u000d\\u000ab\\u0009c\\u007f'],
  ['\u202eabc\u2066\u200f\u061c\u2028', '\\u202eabc\\u2066\\u200f\\u061c\\u2028'],
  ['\ud800', '\\ud800'],
  ['Zażółć 😀 漢字 ‘x’ \\ שלום', 'Zażółć 😀 漢字 ‘x’ \\ שלום'],
])('escapes control characters in %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

it('keeps the value of a JSON text', () => {
  const value = { 'a\u009b': ['\u001b[2J', 'b\u202e', '\ud800'] };

  expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
});

it('keeps the line breaks of a multi-line text', () => {
  expect(printableLines('a\u001b\nb\r')).toBe('a\\u001b\nb\\u000d');
});
