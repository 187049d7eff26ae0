import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Prisma } from '../db/generated/prisma/client.ts';
import type { PreferenceModel } from '../db/generated/prisma/models.ts';
import { stateAt } from './in-force.ts';
import { openValues, succession } from './succession.ts';

const hour = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 3_600_000);

const step = fc.record({
  origin: fc.constantFrom('STATED', 'OBSERVED', 'INFERRED' as const),
  from: fc.integer({ min: -20, max: 40 }),
  lasts: fc.option(fc.integer({ min: 1, max: 30 })),
  isConfirmed: fc.boolean(),
  isRetraction: fc.integer({ max: 9, min: 0 }).map((n) => n === 0),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function preferenceOf(id: string, { origin, from, lasts }: Step, now: number): PreferenceModel {
  const validFrom = hour(now + from);
  return {
    workspaceId: '',
    customerId: '',
    key: 'diet',
    valueType: 'STRING',
    values: [id],
    confidence: new Prisma.Decimal(1),
    doNotUse: false,
    source: null,
    evidence: null,
    id,
    origin,
    validFrom,
    validUntil: lasts === null ? null : new Date(validFrom.getTime() + lasts * 3_600_000),
    createdAt: hour(now),
    status: 'ACTIVE',
    endedAt: null,
  };
}

const inForce = (rows: PreferenceModel[], at: Date) => rows.filter((row) => stateAt(row, at) === 'ACTIVE');

it('keeps at most one value in force at any time, and at most one without an end, after random writes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let rows: PreferenceModel[] = [];
      for (const [now, each] of steps.entries()) {
        if (each.isRetraction) {
          for (const row of openValues(rows, hour(now)))
            Object.assign(row, { status: 'RETRACTED', endedAt: hour(now) });
          expect(inForce(rows, hour(now + 100))).toEqual([]);
          continue;
        }
        const value = preferenceOf(`${now}`, each, now);
        const { status, endedAt, ends } = succession(value, rows, hour(now), each.isConfirmed);
        for (const { id, endedAt } of ends)
          rows = rows.map((row) => (row.id === id ? { ...row, status: 'SUPERSEDED', endedAt } : row));
        rows.push({ ...value, status, endedAt });

        const times = Array.from({ length: 100 }, (_, i) => hour(now + i));
        for (const at of times) expect(inForce(rows, at).length).toBeLessThanOrEqual(1);
        expect(rows.filter((row) => row.status === 'ACTIVE').length).toBeLessThanOrEqual(1);
        // A value that the customer has just stated as starting now is in force.
        if (each.origin === 'STATED' && each.from === 0 && each.lasts === null)
          expect(inForce(rows, hour(now)).map(({ id }) => id)).toEqual([value.id]);
      }
    }),
    { numRuns: 500 },
  );
});
