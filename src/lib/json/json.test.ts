import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExact, parseJson } from './json.ts';

describe('parseJson', () => {
  it.each([
    '9007199254740991',
    '-9007199254740991',
    '9007199254740992',
    '0.1',
    '1.50',
    '0.10000000000000000000000',
    '100000000000000000000000',
    '1e21',
    '1E+2',
    '15e-1',
    '0e999',
    '-0',
    '1.7976931348623157e308',
    '5e-324',
  ])('keeps the number %s', (number) => {
    expect(parseJson(`{"a":[${number}]}`)).toEqual({ a: [Number(number)] });
  });

  it.each([
    '9007199254740993',
    '-9007199254740993',
    '12345678901234.5678',
    '0.1234567890123456789',
    '1e400',
    '-1e400',
    '1e-400',
    `1${'0'.repeat(1_000)}1`,
  ])('rejects %s and reports its path', (number) => {
    expect(() => parseJson(`{"b":"x","a":[1,{"c":${number}}]}`)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: { field: ['a', 1, 'c'] } }),
    );
  });

  it.each(['"9007199254740993"', '"1e400 \\" 1e400"', '"\\\\"', '{"9007199254740993":1}'])(
    'keeps digits within a string (%s)',
    (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    },
  );

  it.each(['', '{', '"', '01', '1e', '{"a":9007199254740993'])('throws SyntaxError for %j', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('rejects JSON that is nested too deep', () => {
    expect(() => parseJson(`${'['.repeat(41)}${']'.repeat(41)}`)).toThrow('Must not be nested deeper than 40 levels.');
    expect(parseJson(`["${'['.repeat(41)}\\"${'['.repeat(41)}"]`)).toHaveLength(1);
  });

  it('reports the path at which the nesting is too deep', () => {
    const deep = '['.repeat(41);
    const refusal = (text: string) => {
      try {
        return parseJson(text);
      } catch (error) {
        return error;
      }
    };

    expect(refusal(`{"a":[],"b,\\"":[1,{"c":{}},{"d":[${deep}`)).toMatchObject({
      details: { field: ['b,"', 2, 'd', ...Array.from({ length: 37 }, () => 0)] },
    });
    expect(refusal(`{:${deep}`)).toBeInstanceOf(SyntaxError);
  });

  it('keeps every number that JavaScript prints', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(isExact(String(number))).toBe(true);
      }),
    );
  });

  it('accepts a whole number only if it keeps every digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (number) => {
        expect(isExact(String(number))).toBe(String(Number(number)) === String(number));
      }),
    );
  });

  it('handles long texts quickly', () => {
    const started = performance.now();
    expect(() => parseJson('['.concat('1'.repeat(1_000_000), ']'))).toThrow('digits');
    expect(() => parseJson(`"${'\\'.repeat(1_000_000)}`)).toThrow(SyntaxError);

    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
