import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { DomainError } from './errors.ts';
import { currencyCode, instant, json, listOf, name, parseInput, positiveDecimal } from './fields.ts';

it.each(['2026-11-21T10:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2026-11-21T10:00:00.123+02:00'])(
  'reads %s as an instant',
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
])('refuses %s as an instant', (written) => {
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
  ['text', 12345, 'Must be text.'],
  ['text', null, 'Must be text, not null.'],
  ['text', ['x'], 'Must be text.'],
  ['code', 985, 'Must be text.'],
  ['count', '2', 'Must be a whole number.'],
  ['count', 1.5, 'Must be a whole number.'],
  ['count', true, 'Must be a whole number.'],
  ['ratio', '0.5', 'Must be a number.'],
  ['flag', 'true', 'Must be true or false.'],
  ['list', 'vip', 'Must be a list.'],
  ['list', {}, 'Must be a list.'],
  ['part', '1980-04-19', 'Must be an object with month, day.'],
  ['part', [4, 19], 'Must be an object with month, day.'],
  ['names', 'x', 'Must be an object.'],
  ['kind', 'C', 'Must be one of: A, B.'],
  ['kind', 1, 'Must be one of: A, B.'],
])('says what %s must be when it is %j', (field, value, message) => {
  expect(refusalOf({ ...valid, [field]: value })).toMatchObject({ message, details: { field: [field] } });
});

it('says what is wrong with a name in an object', () => {
  expect(refusalOf({ ...valid, names: { '\ud800': 'x' } })).toMatchObject({
    message: 'Holds U+0000 or a lone surrogate.',
    details: { field: ['names', '\ud800'] },
  });
});

it.each(['', ' \n', '\u200b', '\u202a \u202c', '\u00ad\ufeff', '\u3164', '\u2800', '\u0007'])(
  'refuses %j as a name: it shows nothing',
  (text) => {
    expect(refusalOf({ ...valid, text })).toMatchObject({
      message: 'Must not be empty.',
      details: { field: ['text'] },
    });
  },
);

it('keeps a name as it is written, invisible characters included', () => {
  expect(parseInput(name(), ' A\u200bnna ')).toBe('A\u200bnna');
});

it.each(Object.keys(valid))('says that %s is missing only when nothing is sent', (field) => {
  expect(refusalOf({ ...valid, [field]: undefined })).toMatchObject({ message: 'Is missing.' });
});

it('reads none of a list that is too long', () => {
  const read = vi.fn((value: string) => value);
  const few = z.strictObject({ few: listOf(z.string().transform(read), 2) });

  expect(parseInput(few, { few: ['a', 'b'] })).toEqual({ few: ['a', 'b'] });
  expect(read).toHaveBeenCalledTimes(2);
  expect(() => parseInput(few, { few: ['a', 'b', 'c'] })).toThrow(
    expect.objectContaining({ message: 'Must be at most 2 elements long.', details: { field: ['few'] } }),
  );
  expect(read).toHaveBeenCalledTimes(2);
  expect(() => parseInput(few, { few: 'a' })).toThrow(expect.objectContaining({ message: 'Must be a list.' }));
});

it('reports every problem of an input, the first one as the error itself', () => {
  const { message, details } = refusalOf({ ...valid, text: 5, list: ['x', 6], unknown: 1, odd: 2 });

  expect([message, details.field]).toEqual(['Must be text.', ['text']]);
  expect(details.problems).toEqual([
    { code: 'INVALID_INPUT', message: 'Must be text.', field: ['text'] },
    { code: 'INVALID_INPUT', message: 'Must be text.', field: ['list', 1] },
    { code: 'INVALID_INPUT', message: 'There is no such field.', field: ['unknown'] },
    { code: 'INVALID_INPUT', message: 'There is no such field.', field: ['odd'] },
  ]);
});

it('reports a hundred problems at most', () => {
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
  ['the name __proto__', JSON.parse('{"a":{"__proto__":{}}}'), /__proto__/],
])('refuses JSON with %s', (_what, data, message) => {
  expect(refusalOf({ ...valid, data }).message).toMatch(message);
});

it.each([
  ['40 levels', nested(40)],
  ['a pair of surrogates', '\u{1f600}'],
  ['a large number that is exact', 2 ** 60],
  ['a fraction', 0.1],
  ['null', null],
])('keeps JSON with %s as it is', (_what, data) => {
  expect(parseInput(json, data)).toEqual(data);
});
