import fc from 'fast-check';
import { expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { newId } from '../../lib/ids.ts';
import { decisionHeld, decisionsSql } from './decisions.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const { db } = shop;
const { workspaceId } = db;
await shop.data('mutation { upsertCustomer(input: { key: { email: "ada@example.com" } }) { outcome } }');
await shop.data(
  'mutation { recordConsent(input: { customer: { email: "ada@example.com" }, channel: EMAIL, purpose: MARKETING, status: GRANTED }) { outcome } }',
);
const first = await db.consentEvent.findFirstOrThrow({ where: { workspaceId } });

// Times that differ by less and by more than the clock skew, and one that is years ahead.
const minute = (minutes: number) => new Date(Date.UTC(2026, 0, 5) + minutes * 60_000);
const decision = fc.record({
  status: fc.constantFrom('GRANTED' as const, 'DENIED' as const, 'REVOKED' as const),
  capturedAt: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(20_000_000)).map(minute),
  createdAt: fc.integer({ min: 0, max: 12 }).map(minute),
});

it('finds the same decision in force in SQL and in JavaScript, in any order of decisions', async () => {
  const check = fc.asyncProperty(
    fc.array(decision, { minLength: 1, maxLength: 6 }),
    fc.integer({ min: 0, max: 12 }).map(minute),
    async (given, at) => {
      const events = given.map((each) => ({ ...first, ...each, id: newId() }));
      await db.consentEvent.deleteMany({ where: { workspaceId } });
      await db.consentEvent.createMany({ data: events });
      const read = async (instant?: string) => {
        const { heldFrom, order } = decisionsSql('e', instant);
        const text = `SELECT e."id", ${heldFrom} AS "capturedAt" FROM "ConsentEvent" e
          WHERE e."workspaceId" = $1::uuid AND ${heldFrom} <= ${instant ?? `'infinity'`} ORDER BY ${order} LIMIT 1`;
        return (await db.read<{ id: string; capturedAt: Date }>({ text, values: [workspaceId] })).map(said);
      };

      expect(await read()).toEqual([said(decisionHeld(events))]);
      expect(said(decisionHeld(events.toReversed()))).toEqual(said(decisionHeld(events)));
      const byThen = events.filter((each) => decisionHeld([each]).capturedAt <= at);
      const heldThen = byThen.length > 0 ? [said(decisionHeld(byThen))] : [];
      expect(await read(`'${at.toISOString()}'::timestamptz`)).toEqual(heldThen);
    },
  );
  await fc.assert(check, { numRuns: 300 });
}, 120_000);

it('lets a withdrawal win over consent recorded before it and dated up to the clock skew later', () => {
  fc.assert(
    fc.property(fc.array(decision, { minLength: 1, maxLength: 6 }), (given) => {
      const events = given.map((each) => ({ ...each, id: newId() }));
      const held = decisionHeld(events);
      const instant = held.capturedAt.getTime();
      const isWithdrawn = events.some(
        ({ id, status, capturedAt, createdAt }) =>
          status !== 'GRANTED' &&
          (createdAt > held.createdAt || (createdAt.getTime() === held.createdAt.getTime() && id > held.id)) &&
          Math.min(capturedAt.getTime(), createdAt.getTime()) + 5 * 60_000 >= instant,
      );

      expect(held.status === 'GRANTED' && isWithdrawn).toBe(false);
    }),
  );
});

function said({ id, capturedAt }: { id: string; capturedAt: Date }) {
  return { id, capturedAt: capturedAt.getTime() };
}
