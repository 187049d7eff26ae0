import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/database.ts';
import { domains } from '../domains.ts';
import { tables } from '../lib/tables.ts';
import type { Domain } from '../manifest.ts';
import { referencesTo, referringFirst } from './references.ts';

const { database } = await useDatabase();
const namesOf = async (sql: string) => {
  const { rows } = await database.pool.query<{ name: string }>(sql);
  return rows.map(({ name }) => name);
};
const tablesWith = (...rules: unknown[]) =>
  tables.filter(({ erasure }) => rules.includes(erasure)).map(({ name }) => name);
const deleted = tablesWith('DELETE');

describe('the manifest', () => {
  it('has an erasure rule for every table of customers: add `erasure` to a new one', async () => {
    const found = await namesOf(`
      SELECT table_name AS name FROM information_schema.columns
      WHERE table_schema = 'public' AND column_name = 'customerId'
      UNION SELECT trim(both '"' FROM conrelid::regclass::text) FROM pg_constraint
      WHERE contype = 'f' AND confrelid = '"Customer"'::regclass AND conrelid <> confrelid`);

    const lacking = tables.filter(({ erasure, partOf }) => erasure === undefined && partOf === undefined);
    expect(found.length).toBeGreaterThan(15);
    expect(lacking.filter(({ name }) => found.includes(name))).toEqual([]);
  });

  it('names a function for every domain with rows to anonymize', () => {
    const lacking = Object.entries<Domain>(domains).filter(
      ([, { tables = {}, anonymize }]) =>
        Object.values(tables).some(({ erasure }) => erasure === 'ANONYMIZE') && anonymize === undefined,
    );

    expect(lacking).toEqual([]);
  });

  it('deletes no row that a row which stays requires', () => {
    const staying = tablesWith('ANONYMIZE', 'KEEP', 'PAST_VALUES');
    const requiring = deleted.flatMap((name) => referencesTo(name).filter(({ isRequired }) => isRequired));

    expect(requiring.length).toBeGreaterThan(0);
    expect(requiring.filter(({ table }) => staying.includes(table))).toEqual([]);
  });
});

it('refers to deleted rows by ID, or else by keys with the customer', () => {
  const others = deleted.flatMap((name) => referencesTo(name).filter(({ isToId }) => !isToId));

  expect(others.filter(({ table, columns }) => !columns.includes('customerId') || !deleted.includes(table))).toEqual(
    [],
  );
});

it('deletes rows before the rows that they refer to', () => {
  const order = referringFirst(deleted);

  expect([...order].sort()).toEqual([...deleted].sort());
  expect(order.filter((name) => ['SurveyResponse', 'Interaction', 'Case'].includes(name))).toEqual([
    'SurveyResponse',
    'Interaction',
    'Case',
  ]);
  expect(order.indexOf('ConsentEvent')).toBeLessThan(order.indexOf('Consent'));
});

it('has an index to page by customer, time and ID for every table on the timeline', async () => {
  const found = await namesOf(`
    SELECT trim(both '"' FROM indrelid::regclass::text) || ' ' || string_agg(attname, ' ' ORDER BY position) AS name
    FROM pg_index CROSS JOIN LATERAL unnest(indkey) WITH ORDINALITY AS key(number, position)
    JOIN pg_attribute ON attrelid = indrelid AND attnum = number GROUP BY indexrelid, indrelid`);
  const wanted = tables.flatMap(({ name, time, timeline }) =>
    timeline ? [`${name} workspaceId customerId ${time} id`] : [],
  );

  expect(wanted.length).toBeGreaterThan(3);
  expect(wanted.filter((name) => !found.includes(name))).toEqual([]);
});
