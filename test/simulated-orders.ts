import type { simulateHistories } from './simulated-buyers.ts';

const dayMs = 86_400_000;
const started = Date.parse('2025-01-01T00:00:00Z');

/** Returns the instant of a day and hour since 2025 began. */
export const instantOf = (day: number, hour = 12) => new Date(started + day * dayMs + hour * 3_600_000).toISOString();

/** Returns an order over 10 dollars, as an import record. */
export const simulatedOrder = (customer: string, id: string, placedAt: string, more: object = {}) => ({
  type: 'order',
  key: { externalId: `${customer}-${id}` },
  customer: { externalId: customer },
  placedAt,
  currencyCode: 'USD',
  total: '10.00',
  ...more,
});

/** Returns import records of customers `c0`, `c1` and so on, whose orders have these histories at the end of a day. */
export function simulatedOrders(histories: ReturnType<typeof simulateHistories>, end: number): object[] {
  return histories.flatMap(({ x, lastAt, age }, i) => {
    const first = end - Math.round(age * 7);
    const last = Math.round(lastAt * 7);
    // The models use no days between the first and the last one, so any will do.
    const days = [0, ...Array.from({ length: x }, (_, n) => (n === x - 1 ? last : n + 1))];
    return [
      { type: 'customer', key: { externalId: `c${i}` } },
      ...days.map((day, n) =>
        simulatedOrder(`c${i}`, `${n}`, instantOf(first + day, (i + n) % 24), {
          total: `${5 + ((i * 7 + n) % 40)}.50`,
        }),
      ),
    ];
  });
}
