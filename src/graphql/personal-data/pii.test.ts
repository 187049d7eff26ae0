import fc from 'fast-check';
import { expect, it } from 'vitest';
import { classOfText } from '../../lib/pii.ts';
import { isCertainlyNoContact } from './pii.ts';

const piece = fc.oneof(
  fc.constantFrom(
    '+',
    '00',
    '(',
    'tel:',
    'TEL:',
    'ţel:',
    '48 512 345 678',
    '@',
    '﹫',
    '＠',
    '٣',
    '４',
    'A',
    'ł',
    '’',
    '-',
    ' ',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
);

it('never takes a contact point for another text', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
      const text = pieces.join('');
      if (isCertainlyNoContact(JSON.stringify(text))) expect(classOfText(text)).toBeNull();
    }),
    { numRuns: 20_000 },
  );
});

it.each(['Anna Kowalska', 'Łukasz', 'Ярослав', 'A-33444', '4711', 'Ünal & Söhne'])(
  'copies %s without a closer look',
  (text) => {
    expect(isCertainlyNoContact(JSON.stringify(text))).toBe(true);
  },
);

it.each(['Tomasz', '0048512345678', '+48 512', 'a@example.com', 'ţel:+48512345678'])('looks closer at %s', (text) => {
  expect(isCertainlyNoContact(JSON.stringify(text))).toBe(false);
});
