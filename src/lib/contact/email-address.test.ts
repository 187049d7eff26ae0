import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formerEmails, normalizeEmail } from './email-address.ts';

describe('normalizeEmail', () => {
  it.each([
    [' ADA@Example.COM ', 'ada@example.com'],
    ['\u200bzw@example.com', 'zw@example.com'],
    ['zw@example.com\u200b', 'zw@example.com'],
    ['\u202azw@example.com\u202c', 'zw@example.com'],
    ['z\u00adw@exam\u2060ple.com\ufeff', 'zw@example.com'],
    ['zw@example.com\u2028', 'zw@example.com'],
    ['jan@bücher.example', 'jan@bücher.example'],
    ['jan@bu\u0308cher.example', 'jan@bücher.example'],
    ['jan@xn--bcher-kva.example', 'jan@bücher.example'],
    ['JAN@XN--BCHER-KVA.EXAMPLE', 'jan@bücher.example'],
    ['jan@BÜCHER。example', 'jan@bücher.example'],
    ['jan@mail.xn--bcher-kva.example', 'jan@mail.bücher.example'],
    ['ola@ｅｘａｍｐｌｅ．ｃｏｍ', 'ola@example.com'],
    ['Ж@xn--e1afmkfd.xn--p1ai', 'ж@пример.рф'],
    // These names have no other spelling.
    ['a@xn--example-.com', 'a@xn--example-.com'],
    ['a@xn--a.com', 'a@xn--a.com'],
    ['o’brien@example.com', 'o’brien@example.com'],
  ])('normalizes %j to %j', (text, expected) => {
    expect(normalizeEmail(text)).toBe(expected);
  });

  it.each([
    'nobody',
    '',
    '\u200b',
    '@',
    'a@b',
    'a@@b.c',
    'a b@example.com',
    'a\nb@example.com',
    'a@bü/cher.example',
    'a@ü..com',
    `${'x'.repeat(250)}@ü.com`,
  ])('rejects %j', (text) => {
    expect(normalizeEmail(text)).toBeNull();
  });

  it.each([...';,>)":!?\'/|]}*&<([\\', '»', '”', '’', '…', '，', '）', '、', '؛'])(
    'rejects %s after or within the domain',
    (mark) => {
      expect(normalizeEmail(`x@example.com${mark}`)).toBeNull();
      expect(normalizeEmail(`x@exam${mark}ple.com`)).toBeNull();
      expect(normalizeEmail(`x@bücher.example${mark}`)).toBeNull();
    },
  );

  it.each(['x@my-shop.example', 'x@my_shop.example', 'x@l·l.example', 'x@例え.テスト'])('accepts %s', (text) => {
    expect(normalizeEmail(text)).toBe(text);
  });

  it('gives all spellings of an address the same normal form', () => {
    fc.assert(
      fc.property(
        fc.emailAddress(),
        fc.constantFrom('\u200b', '\u00ad', '\u2066', '\ufeff', ''),
        fc.nat(60),
        (email, hidden, at) => {
          const normal = normalizeEmail(email);
          const pasted = email.slice(0, at) + hidden + email.slice(at).toUpperCase();
          expect(normalizeEmail(pasted)).toBe(normal);
          if (normal !== null) expect(normalizeEmail(normal)).toBe(normal);
        },
      ),
    );
  });
});

it('returns the normal forms of version 0.1, which kept each spelling', () => {
  expect(formerEmails('a@bücher.example', 'a@bücher.example')).toEqual(['a@xn--bcher-kva.example']);
  expect(formerEmails('\u200ba@xn--bcher-kva.example', 'a@bücher.example')).toEqual([
    '\u200ba@xn--bcher-kva.example',
    'a@xn--bcher-kva.example',
  ]);
  expect(formerEmails('a@example.com', 'a@example.com')).toEqual([]);
});
