import { expect, it, vi } from 'vitest';
import * as z from 'zod';
import { DomainError } from './errors.ts';
import { currencyCode, instant, json, listOf, name, parseInput, positiveDecimal } from './fields.ts';

it.each(['2026-11-21T10:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2026-11-21T10:00:00.123+02:00'])(
  'parses %s as an instant',
  (written) => {
    expect(parseInput(instant(), written)).toEqual(new Date(written));
  },
);

it.each([
  '2026-11-21',
  '2026-11-21T10:00:00',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59-14:00',
  new Date(Number.NaN),
  5,
])('rejects %s as an instant', (written) => {
  expect(() => parseInput(instant(), written)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
});

const sample = z.strictObject({
  text: name(),
  code: currencyCode(),
  count: z.int().min(1),
  ratio: z.number(),
  flag: z.boolean(),
  list: z.array(name()),
  part: z.strictObject({ month: z.int(), day: z.int() }),
  names: z.record(name(), name()),
  kind: z.enum(['A', 'B']),
  at: instant(),
  price: positiveDecimal(),
  data: json,
});
const valid = {
  text: 'x',
  code: 'PLN',
  count: 1,
  ratio: 0.5,
  flag: true,
  list: ['x'],
  part: { month: 1, day: 2 },
  names: { a: 'b' },
  kind: 'A',
  at: '2026-11-21T10:00:00Z',
  price: '1.00',
  data: { any: [1, null] },
};

function refusalOf(input: unknown): DomainError {
  try {
    parseInput(sample, input);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('The input is accepted.');
}

it.each([
  ['text', 12345, 'Must be a string (got a number).'],
  ['text', null, 'Must be a string (got null).'],
  ['text', ['x'], 'Must be a string (got a list).'],
  ['code', 985, 'Must be a string (got a number).'],
  ['count', '2', 'Must be a whole number (got a string).'],
  ['count', 1.5, 'Must be a whole number.'],
  ['count', true, 'Must be a whole number (got a Boolean).'],
  ['ratio', '0.5', 'Must be a number (got a string).'],
  ['flag', 'true', 'Must be true or false (got a string).'],
  ['list', 'vip', 'Must be a list (got a string).'],
  ['list', {}, 'Must be a list (got an object).'],
  ['part', '1980-04-19', 'Must be an object with month, day (got a string).'],
  ['part', [4, 19], 'Must be an object with month, day (got a list).'],
  ['names', 'x', 'Must be an object (got a string).'],
  ['kind', 'C', 'Must be one of: A, B.'],
  ['kind', 1, 'Must be one of: A, B.'],
])('explains what %s must be when it is %j', (field, value, message) => {
  expect(refusalOf({ ...valid, [field]: value })).toMatchObject({ message, details: { field: [field] } });
});

it('reports an invalid property name in an object', () => {
  expect(refusalOf({ ...valid, names: { '\ud800': 'x' } })).toMatchObject({
    message: 'Must not contain U+0000 or a lone surrogate.',
    details: { field: ['names', '\ud800'] },
  });
});

it.each(['', ' \n', '\u200b', '\u202a \u202c', '\u00ad\ufeff', '\u3164', '\u2800', '\u0007'])(
  'rejects %j as a name because it has no visible character',
  (text) => {
    expect(refusalOf({ ...valid, text })).toMatchObject({
      message: 'Must not be empty.',
      details: { field: ['text'] },
    });
  },
);

it('trims a name and keeps its invisible characters', () => {
  expect(parseInput(name(), ' A\u200bnna ')).toBe('A\u200bnna');
});

it.each(Object.keys(valid))('reports %s as required only if it is undefined', (field) => {
  expect(refusalOf({ ...valid, [field]: undefined })).toMatchObject({ message: 'This field is required.' });
});

it('validates no item of a list that is too long', () => {
  const read = vi.fn((value: string) => value);
  const few = z.strictObject({ few: listOf(z.string().transform(read), 2) });

  expect(parseInput(few, { few: ['a', 'b'] })).toEqual({ few: ['a', 'b'] });
  expect(read).toHaveBeenCalledTimes(2);
  expect(() => parseInput(few, { few: ['a', 'b', 'c'] })).toThrow(
    expect.objectContaining({ message: 'Must have at most 2 items.', details: { field: ['few'] } }),
  );
  expect(read).toHaveBeenCalledTimes(2);
  expect(() => parseInput(few, { few: 'a' })).toThrow(
    expect.objectContaining({ message: 'Must be a list (got a string).' }),
  );
});

it('reports every problem, with the first one as the error itself', () => {
  const { message, details } = refusalOf({ ...valid, text: 5, list: ['x', 6], unknown: 1, odd: 2 });

  expect([message, details.field]).toEqual(['Must be a string (got a number).', ['text']]);
  expect(details.problems).toEqual([
    { code: 'INVALID_INPUT', message: 'Must be a string (got a number).', field: ['text'] },
    { code: 'INVALID_INPUT', message: 'Must be a string (got a number).', field: ['list', 1] },
    { code: 'INVALID_INPUT', message: 'Unknown field. Remove it or check its spelling.', field: ['unknown'] },
    { code: 'INVALID_INPUT', message: 'Unknown field. Remove it or check its spelling.', field: ['odd'] },
  ]);
});

it('reports at most 100 problems', () => {
  const list = Array.from({ length: 5_000 }, () => 1);

  expect(refusalOf({ ...valid, list }).details.problems).toHaveLength(100);
});

const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

it.each([
  ['100,000 levels of lists', nested(100_000), /nested deeper/],
  ['41 levels of lists', nested(41), /nested deeper/],
  ['a lone surrogate', ['\ud800'], /surrogate/],
  ['a lone surrogate in a name', { '\ud800': 1 }, /surrogate/],
  ['U+0000', { a: 'x\u0000' }, /U\+0000/],
  ['the property name __proto__', JSON.parse('{"a":{"__proto__":{}}}'), /__proto__/],
])('rejects JSON with %s', (_what, data, message) => {
  expect(refusalOf({ ...valid, data }).message).toMatch(message);
});

it.each([
  ['40 levels', nested(40)],
  ['a pair of surrogates', '\u{1f600}'],
  ['a large number that is exact', 2 ** 60],
  ['a fraction', 0.1],
  ['null', null],
])('keeps JSON with %s unchanged', (_what, data) => {
  expect(parseInput(json, data)).toEqual(data);
});
