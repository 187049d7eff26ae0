import fc from 'fast-check';
import { expect, it } from 'vitest';
import { useDatabase } from '../../../test/database.ts';
import { arrayLiteral } from './array-literal.ts';

const { database } = await useDatabase();
const storable = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\u0000') && text.isWellFormed());

async function through(type: string, values: unknown[]): Promise<unknown[]> {
  const array = type.endsWith('[]') ? 'text[]' : `${type}[]`;
  const { rows } = await database.pool.query(`SELECT unnest($1::${array})::${type} AS value`, [
    arrayLiteral(values, type),
  ]);
  return rows.map(({ value }) => value);
}

it('round-trips any text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(storable), { minLength: 1 }), async (texts) => {
      expect(await through('text', texts)).toEqual(texts);
    }),
  );
});

it('round-trips lists of any text, with lists of different lengths', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(fc.array(storable)), { minLength: 1 }), async (lists) => {
      expect(await through('text[]', lists)).toEqual(lists);
    }),
  );
});

it.each([
  ['jsonb', [{ 'a "quoted" key': ['\\', null] }, [1, 2], 'text']],
  ['timestamp with time zone', [new Date('2026-11-21T10:00:00.123Z'), null]],
  ['numeric', ['0.0001', '-12345678901234.5678', null]],
  ['boolean', [true, false, null]],
  ['integer', [0, -5, null]],
])('round-trips %s', async (type, values) => {
  expect(await through(type, values)).toEqual(values);
});
