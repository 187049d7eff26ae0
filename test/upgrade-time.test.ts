import { beforeAll, expect, it } from 'vitest';
import { migrate } from '../src/db/migrate/migrate.ts';
import { newId } from '../src/lib/ids.ts';
import { stateAt } from '../src/preferences/in-force.ts';
import { useDumpedDatabase } from './database.ts';

// More data that version 0.1.0 could leave behind, written into its dump before the migration.
const { database } = await useDumpedDatabase('version-0.1.0.sql.gz');
const db = database.forWorkspace('01a21545-b9da-775d-a78f-a7f65b5c60b5');
const { workspaceId } = db;

const year = (n: number) => new Date(`${n}-01-01T00:00:00Z`);

beforeAll(async () => {
  const { id: customerId } = await db.customer.findFirstOrThrow({ select: { id: true } });
  const value = { workspaceId, customerId, valueType: 'STRING', confidence: 1, doNotUse: false } as const;
  let recorded = 0;
  const keep = (
    key: string,
    said: string,
    origin: 'STATED' | 'INFERRED',
    status: 'ACTIVE' | 'SUPERSEDED' | 'RETRACTED',
    from: number,
    until: number | null,
  ) => {
    const instants = {
      validFrom: year(from),
      endedAt: until === null ? null : year(until),
      createdAt: new Date(1.7e12 + recorded++),
    };
    return db.preference.create({
      data: {
        ...value,
        ...instants,
        id: newId(),
        key,
        values: [said],
        origin,
        status,
      },
    });
  };
  // Set in this order. All but the last were meant to end when the future value begins.
  await keep('diet.several', 'vegan', 'STATED', 'SUPERSEDED', 2020, 2062);
  await keep('diet.several', 'none', 'STATED', 'ACTIVE', 2062, null);
  await keep('diet.several', 'fish', 'STATED', 'SUPERSEDED', 2022, 2062);
  await keep('diet.several', 'meat', 'INFERRED', 'SUPERSEDED', 2023, 2062);
  await keep('diet.several', 'eggs', 'STATED', 'SUPERSEDED', 2050, 2062);
  await keep('diet.several', 'guess', 'INFERRED', 'SUPERSEDED', 2070, 2070);
  // The future value was retracted.
  await keep('diet.retracted', 'vegan', 'STATED', 'SUPERSEDED', 2020, 2062);
  await keep('diet.retracted', 'none', 'STATED', 'RETRACTED', 2062, 2024);

  const { id: caseId } = await db.case.findFirstOrThrow({ where: { customerId: { not: null } } });
  await db.interaction.create({
    data: {
      ...{
        workspaceId,
        id: newId(),
        caseId,
        source: 'desk',
        externalId: 'nobody',
        channel: 'EMAIL',
        direction: 'INBOUND',
      },
      ...{
        kind: 'MESSAGE',
        occurredAt: year(2024),
        actorKind: 'CUSTOMER',
        createdAt: year(2024),
        updatedAt: year(2024),
      },
    },
  });
  await migrate(database);
});

async function inForce(key: string, ...years: number[]) {
  const rows = await db.preference.findMany({ where: { key } });
  return years.map((n) => rows.filter((row) => stateAt(row, year(n)) === 'ACTIVE').flatMap(({ values }) => values));
}

it('keeps one of several values in force until the future value begins', async () => {
  const held = await inForce('diet.several', 2021, 2027, 2055, 2065, 2075);

  expect(held).toEqual([['vegan'], ['fish'], ['eggs'], ['none'], ['none']]);
});

it('leaves nothing in force if the future value was retracted', async () => {
  expect(await inForce('diet.retracted', 2021, 2027, 2065)).toEqual([['vegan'], [], []]);
});

it('sets the customer of interactions to that of their case', async () => {
  const said = await db.interaction.findFirstOrThrow({ where: { externalId: 'nobody' }, include: { case: true } });

  expect(said.customerId).toBe(said.case?.customerId);
});
