import { describe, expect, it } from 'vitest';
import { atSigns, classOfText, masked, phoneStarts } from './pii.ts';
import { sortKey } from './text/sort-key.ts';

const emails = [
  'ada@example.com',
  'ada＠example.com',
  'ada﹫example.com',
  'ada\u200b@\u200bexample.com',
  'Ada <ada@a.b>',
];
const phones = [
  '+48 601 234 762',
  '0048601234762',
  '(+48) 601 234 762',
  '(0048) 601-234-762',
  '(+48 601 234 762)',
  '\u202a+48 601 234 762\u202c',
  '\u200b+48\u200b601234762',
  '＋４８ ６０１ ２３４ ７６２',
  '+٤٨٦٠١٢٣٤٧٦٢',
  'tel:+48-601-234-762',
  'TEL: +48 601 234 762',
  'tel:601-234-762',
  '+48–601–234–762',
  '\u00a0+48\u00a0601\u00a0234\u00a0762',
  '+1 650-555-0123 ext. 101',
  '+1 650-555-0123~101',
  '+1 650-555-0123,,101#',
  'tel:+1-650-555-0123;ext=101',
  '(+1) 650-555-0123 доб. 101',
];

describe('classOfText', () => {
  it.each(emails)('classifies %j as an email address', (text) => {
    expect(classOfText(text)).toBe('EMAIL');
    expect(atSigns.some((sign) => text.includes(sign))).toBe(true);
  });

  it.each(phones)('classifies %j as a phone number', (text) => {
    expect(classOfText(text)).toBe('PHONE');
    expect(phoneStarts.some((start) => sortKey(text).startsWith(start))).toBe(true);
  });

  it.each([
    'Anna',
    '007',
    '(+1)',
    '+1 Team',
    'Tel Aviv',
    'tel: none',
    '@',
    'Studio 54',
    '00-950 Warszawa',
    '',
    null,
    5,
  ])('returns null for %j', (text) => {
    expect(classOfText(text)).toBeNull();
  });
});

it.each([
  ['PHONE', '+48 601 234 762', '+48***62'],
  ['PHONE', '＋４８ ６０１ ２３４ ７６２', '+48***62'],
  ['PHONE', '+٤٨٦٠١٢٣٤٧٦٢', '+48***62'],
  ['PHONE', '\u202a(+48) 601 234 762\u202c', '+48***62'],
  ['PHONE', 'tel:+1-650-555-0123;ext=101', '+16***23'],
  ['EMAIL', 'tomasz@example.com', 't***z@example.com'],
  ['EMAIL', 'tomasz＠example.com', 't***z@example.com'],
  ['EMAIL', '\u200btomasz\u200b@example.com', 't***z@example.com'],
] as const)('masks %s %j as %s', (piiClass, text, expected) => {
  expect(masked(piiClass, text)).toBe(expected);
});
