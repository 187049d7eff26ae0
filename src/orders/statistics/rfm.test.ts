import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupOf, type PurchaseTotals, type RfmBounds, scoresOf } from './rfm.ts';

const computedAt = '2011-09-01T00:00:00.000Z';
const dayMs = 86_400_000;

const ascending = (max: number) =>
  fc.array(fc.integer({ min: 0, max }), { minLength: 4, maxLength: 4 }).map((all) => all.sort((a, b) => a - b));
const anyBounds: fc.Arbitrary<RfmBounds> = fc.record({
  computedAt: fc.constant(computedAt),
  customers: fc.constant(100),
  recencyDays: ascending(700),
  frequency: ascending(50),
  monetary: ascending(10_000),
});
const anyBought: fc.Arbitrary<PurchaseTotals> = fc.record({
  lastOrderAt: fc
    .integer({ min: -700, max: 30 })
    .map((days) => new Date(Date.parse(computedAt) + days * dayMs).toISOString()),
  numberOfOrders: fc.integer({ min: 1, max: 60 }),
  amountOrdered: fc.integer({ min: 0, max: 12_000 }),
});

describe('scores', () => {
  it('range from 1 to 5 and are equal for equal values', () => {
    fc.assert(
      fc.property(anyBought, anyBounds, (bought, bounds) => {
        const scores = scoresOf(bought, bounds);

        for (const score of Object.values(scores)) expect([1, 2, 3, 4, 5]).toContain(score);
        expect(scoresOf({ ...bought }, bounds)).toEqual(scores);
      }),
    );
  });

  it('never drop after another purchase while the bounds stay the same', () => {
    fc.assert(
      fc.property(
        anyBought,
        anyBounds,
        fc.integer({ min: 0, max: 5_000 }),
        fc.integer({ min: 0, max: 400 }),
        (before, bounds, amount, days) => {
          const lastOrderAt = new Date(Date.parse(before.lastOrderAt) + days * dayMs).toISOString();
          const after = {
            lastOrderAt,
            numberOfOrders: before.numberOfOrders + 1,
            amountOrdered: Number(before.amountOrdered) + amount,
          };
          const [was, is] = [scoresOf(before, bounds), scoresOf(after, bounds)];

          expect(is.recency).toBeGreaterThanOrEqual(was.recency);
          expect(is.frequency).toBeGreaterThanOrEqual(was.frequency);
          expect(is.monetary).toBeGreaterThanOrEqual(was.monetary);
        },
      ),
    );
  });

  it('are highest for the most recent, most frequent and highest-spending buyer', () => {
    const bounds = {
      computedAt,
      customers: 5,
      recencyDays: [1, 2, 3, 4],
      frequency: [1, 2, 3, 4],
      monetary: ['1', '2', '3', '4'],
    };

    expect(scoresOf({ lastOrderAt: '2011-08-31T12:00:00Z', numberOfOrders: 5, amountOrdered: '4.01' }, bounds)).toEqual(
      {
        recency: 5,
        frequency: 5,
        monetary: 5,
      },
    );
    expect(scoresOf({ lastOrderAt: '2011-08-01T12:00:00Z', numberOfOrders: 1, amountOrdered: '1' }, bounds)).toEqual({
      recency: 1,
      frequency: 1,
      monetary: 1,
    });
  });
});

it.each([
  [5, 5, 5, 'CHAMPIONS'],
  [4, 5, 4, 'LOYAL'],
  [4, 3, 3, 'ACTIVE'],
  [5, 1, 1, 'NEW'],
  [4, 1, 2, 'PROMISING'],
  [3, 3, 3, 'NEEDS_ATTENTION'],
  [3, 1, 1, 'ALMOST_LOST'],
  [1, 4, 4, 'AT_RISK'],
  [2, 5, 5, 'PREVIOUSLY_LOYAL'],
  [1, 1, 1, 'DORMANT'],
])('maps the scores %i, %i and %i to %s', (recency, frequency, monetary, group) => {
  expect(groupOf({ recency, frequency, monetary })).toBe(group);
});

it('maps a customer who never bought to PROSPECTS', () => {
  expect(groupOf(null)).toBe('PROSPECTS');
});
