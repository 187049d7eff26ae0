import { describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { gridAround, paperLikelihood } from '../../test/paper-likelihood.ts';
import { runImport, writeLines } from '../../test/run-import.ts';
import { simulateHistories } from '../../test/simulated-buyers.ts';
import { instantOf, simulatedOrder, simulatedOrders } from '../../test/simulated-orders.ts';
import { onlineRetail } from '../import/formats/online-retail.ts';
import { fitCustomerValue, mainCurrencyOf } from './fit.ts';

const api = await useApi();
const dayMs = 86_400_000;

describe('orders imported as JSON Lines', async () => {
  const { db } = await api.tenant('shop');
  const published = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
  const histories = simulateHistories(published, 400, 21);
  const end = 300;
  await writeLines(
    db,
    [
      ...simulatedOrders(histories, end),
      // None of these count as a purchase of their own.
      simulatedOrder('c0', 'same-day', instantOf(end - Math.round((histories[0]?.age ?? 0) * 7), 3)),
      simulatedOrder('c1', 'later', instantOf(end + 1, 0)),
      simulatedOrder('c2', 'draft', instantOf(end - 1), { status: 'DRAFT' }),
      simulatedOrder('c3', 'canceled', instantOf(end - 1), { status: 'CANCELED' }),
      simulatedOrder('c4', 'expired', instantOf(end - 1), { status: 'EXPIRED' }),
      simulatedOrder('c5', 'other', instantOf(end - 1), { currencyCode: 'EUR' }),
      { ...simulatedOrder('guest', 'order', instantOf(end - 1)), customer: null },
    ],
    'test',
  );
  const asOf = new Date(instantOf(end, 23.99));
  const fitted = await fitCustomerValue(db, { currencyCode: 'USD', unit: 'WEEK', asOf });

  it('give every customer the history that their days say', () => {
    const expected = histories.reduce(
      (sum, { x, lastAt, age }) => sum + paperLikelihood(fitted.parameters, x, Math.round(lastAt * 7) / 7, age),
      0,
    );

    expect(fitted).toMatchObject({
      customers: 400,
      repeatCustomers: histories.filter(({ x }) => x > 0).length,
      purchases: histories.reduce((sum, { x }) => sum + x + 1, 0),
    });
    expect(fitted.logLikelihood).toBeCloseTo(expected, 6);
    expect(fitted.spending?.parameters.q).toBeGreaterThan(1);
  });

  it('are fitted again to the same parameters in days, and the latest fit is stored', async () => {
    const inDays = await fitCustomerValue(db, { currencyCode: 'USD', unit: 'DAY', asOf, isAwaited: false });

    const stored = await db.customerValueModel.findMany();
    expect(inDays.parameters.alpha / 7).toBeCloseTo(fitted.parameters.alpha, 5);
    expect(inDays.parameters.a).toBeCloseTo(fitted.parameters.a, 5);
    expect(stored).toMatchObject([
      { currencyCode: 'USD', unit: 'DAY', asOf, customers: 400, alpha: inDays.parameters.alpha },
    ]);
  });

  it('are too few in a currency or at a time without repeat purchases', async () => {
    const fitUntil = (currencyCode: string, until: Date) =>
      fitCustomerValue(db, { currencyCode, unit: 'WEEK', asOf: until });

    await expect(fitUntil('EUR', asOf)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Only 0'),
    });
    await expect(fitUntil('USD', new Date(instantOf(-1)))).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await mainCurrencyOf(db)).toBe('USD');
    expect(await mainCurrencyOf((await api.tenant('empty')).db)).toBeNull();
  });
});

it('has the likelihood of the paper on the online-retail sample, and nothing around it is better', async () => {
  const { db } = await api.tenant('giftshop');
  await runImport(db, onlineRetail, ['sample/giftshop/online-retail-2010-12.csv.gz']);
  const asOf = new Date('2010-12-31T23:59:59Z');

  const { parameters, logLikelihood } = await fitCustomerValue(db, { currencyCode: 'GBP', unit: 'WEEK', asOf });

  const orders = await db.order.findMany({ where: { customerId: { not: null } } });
  const daysOf = new Map<string, number[]>();
  for (const { customerId, placedAt } of orders) {
    const day = Math.floor(placedAt.getTime() / dayMs);
    daysOf.set(customerId ?? '', [...(daysOf.get(customerId ?? '') ?? []), day]);
  }
  const today = Math.floor(asOf.getTime() / dayMs);
  const sumOf = (of: typeof parameters) =>
    [...daysOf.values()].reduce((sum, days) => {
      const [first, last] = [Math.min(...days), Math.max(...days)];
      return sum + paperLikelihood(of, new Set(days).size - 1, (last - first) / 7, (today - first) / 7);
    }, 0);
  expect(sumOf(parameters)).toBeCloseTo(logLikelihood, 6);
  for (const each of gridAround(parameters)) expect(sumOf(each)).toBeLessThanOrEqual(logLikelihood + 1e-6);
});
