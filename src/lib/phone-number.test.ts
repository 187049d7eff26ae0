import { describe, expect, it } from 'vitest';
import { formerPhones, normalizePhone } from './phone-number.ts';

describe('a phone number', () => {
  it.each([
    ['512 345 678', 'PL', '+48512345678'],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['+44 (0)20 7946 0958', 'PL', '+442079460958'],
    ['+48 (0)22 512 34 56', 'US', '+48225123456'],
    ['+39 06 1234 5678', 'PL', '+390612345678'],
    ['0048512345678', 'US', '+48512345678'],
    ['48512345678', 'PL', '+48512345678'],
    ['8 (912) 345-67-89', 'RU', '+79123456789'],
    ['tel:+1-650-555-0100', 'PL', '+16505550100'],
    ['tel:650-555-0100;phone-context=+1', 'PL', '+16505550100'],
    ['512–345–678', 'PL', '+48512345678'],
    ['\u202a+48 512 345 678\u202c', 'US', '+48512345678'],
    ['＋４８ ５１２ ３４５ ６７８', 'US', '+48512345678'],
    ['٠٥١٢٣٤٥٦٧٨', 'SA', '+966512345678'],
    ['20240501', 'DK', '+4520240501'],
    ['01.02.03.04.05', 'FR', '+33102030405'],
  ])('%j in %s is %s', (text, country, expected) => {
    expect(normalizePhone(text, country)).toBe(expected);
  });

  it.each([
    '+1 650-555-0123 ext. 101',
    '+1 650-555-0123 ext101',
    '+1 650-555-0123x101',
    '+1 650-555-0123 X 101',
    '+1 650-555-0123 #101',
    '+1 650-555-0123 (ext 101)',
    '+1 650-555-0123, ext: 101',
    '+1 650-555-0123 extension 101',
    '+1 650-555-0123,,101#',
    '+1 650-555-0123 extensión 101',
    '+1 650-555-0123 wew. 101',
    '+1 650-555-0123 w. 101',
    '+1 650-555-0123 доб. 101',
    'tel:+1-650-555-0123;ext=101',
    '+16505550123;ext=101',
  ])('keeps the extension of %j', (text) => {
    expect(normalizePhone(text, 'PL')).toBe('+16505550123;ext=101');
  });

  it('tells extensions with leading zeros apart', () => {
    expect(normalizePhone('+1 650-555-0123 ext. 0101', null)).toBe('+16505550123;ext=0101');
  });

  it.each([
    'call me at 512 345 678 after 5',
    '512 345 678 after 5',
    'tel. 512 345 678',
    '512 345 678 (mobile)',
    '512 345 678, 601 234 762',
    '512 345 678 / 601 234 762',
    '+48 512 345 678 +48 601 234 762',
    '2024-05-01',
    '2024/5/1',
    '01.05.2024',
    '5/1/2024',
    '01-05-24',
    '20240501',
    '01052024',
    '2024-05-01 10:00',
    '5.12345678E+8',
    '1 234 567,00',
    'ext. 101',
    '1-800-FLOWERS',
    '12',
    '+',
    '',
  ])('is not %j', (text) => {
    expect(normalizePhone(text, 'PL')).toBeNull();
  });

  it('needs a country or a country code', () => {
    expect([normalizePhone('512 345 678', null), normalizePhone('512 345 678', 'AQ')]).toEqual([null, null]);
  });

  it('is its own normal form', () => {
    for (const each of ['+48512345678', '+16505550123;ext=101', '+390612345678'])
      expect(normalizePhone(each, 'DE')).toBe(each);
  });
});

it('names the forms of version 0.1: without an extension, and read in the country of the workspace', () => {
  expect(formerPhones('+1 650-555-0123 ext. 101', '+16505550123;ext=101', 'PL', 'PL')).toEqual(['+16505550123']);
  expect(formerPhones('020 7946 0958', '+442079460958', 'GB', 'GB')).toEqual([]);
  expect(formerPhones('512 345 678', '+44512345678', 'GB', 'PL')).toEqual(['+48512345678']);
  expect(formerPhones('+48 (0)22 512 34 56', '+48225123456', 'PL', 'PL')).toEqual(['+480225123456']);
  expect(formerPhones('+48 512 345 678', '+48512345678', 'GB', 'US')).toEqual([]);
});
