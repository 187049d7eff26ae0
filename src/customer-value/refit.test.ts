import { describe, expect, it } from 'vitest';
import { useApi } from '../../test/api.ts';
import { writeLines } from '../../test/run-import.ts';
import { simulateHistories } from '../../test/simulated-buyers.ts';
import { instantOf, simulatedOrder, simulatedOrders } from '../../test/simulated-orders.ts';
import { fitCustomerValue } from './fit.ts';
import { refitCustomerValue } from './refit.ts';

const api = await useApi();
const { database } = api;
const { db } = await api.tenant('shop');
const published = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const end = 300;
const asOf = new Date(instantOf(end, 23.99));
const hourMs = 3_600_000;

await writeLines(
  db,
  [
    ...simulatedOrders(simulateHistories(published, 300, 5), end),
    simulatedOrder('c0', 'euro', instantOf(10), { currencyCode: 'EUR' }),
    simulatedOrder('c0', 'euro-2', instantOf(11), { currencyCode: 'EUR' }),
  ],
  'test',
);

const statuses = async () => {
  const rows = await db.customerValueFit.findMany({ orderBy: { currencyCode: 'asc' } });
  return Object.fromEntries(rows.map(({ currencyCode, status }) => [currencyCode, status]));
};

const isDueAfter = async (ms: number) => {
  const { rows } = await database.pool.query<{ workspaceId: string; jobs: string[] }>(
    'SELECT * FROM rapport_due_jobs($1)',
    [new Date(Date.now() + ms)],
  );
  return rows.some(({ workspaceId, jobs }) => workspaceId === db.workspaceId && jobs.includes('customerValue'));
};

const makeDue = (...currencies: string[]) =>
  db.customerValueFit.updateMany({
    where: { currencyCode: { in: currencies } },
    data: { startedAt: new Date(Date.now() - 25 * hourMs) },
  });

describe('a scheduled fit', () => {
  it('fits each currency with enough customers, in weeks, and is due again a day later', async () => {
    const isDueAtFirst = await isDueAfter(0);
    await refitCustomerValue(db, asOf);

    const models = await db.customerValueModel.findMany();
    expect(isDueAtFirst).toBe(true);
    expect(models).toMatchObject([{ currencyCode: 'USD', unit: 'WEEK', asOf, customers: 300 }]);
    expect(await statuses()).toEqual({ EUR: 'TOO_FEW_CUSTOMERS', USD: 'FITTED' });
    expect([await isDueAfter(23.9 * hourMs), await isDueAfter(24.1 * hourMs)]).toEqual([false, true]);
  });

  it('keeps the unit of the latest fit', async () => {
    await fitCustomerValue(db, { currencyCode: 'USD', unit: 'DAY', asOf });
    await makeDue('USD');
    await refitCustomerValue(db, asOf);

    expect(await db.customerValueModel.findMany()).toMatchObject([{ currencyCode: 'USD', unit: 'DAY' }]);
  });

  it('leaves currencies alone that are not due', async () => {
    const fittedAt = async () => (await db.customerValueModel.findFirstOrThrow()).fittedAt;
    const before = await fittedAt();
    await makeDue('EUR');
    await refitCustomerValue(db, asOf);

    expect(await fittedAt()).toEqual(before);
  });

  it('reports an error, records it, and still fits the other currencies', async () => {
    const faults: unknown[] = [];
    const rename = (from: string, to: string) =>
      database.asOwner((pool) => pool.query(`ALTER TABLE "CustomerValueModel" RENAME COLUMN "${from}" TO "${to}"`));
    await db.customerValueFit.updateMany({ where: { currencyCode: 'EUR' }, data: { status: 'FAILED' } });
    await makeDue('EUR', 'USD');
    await rename('logLikelihood', 'renamed');
    try {
      await refitCustomerValue(db, asOf, {}, (fault) => faults.push(fault));
    } finally {
      await rename('renamed', 'logLikelihood');
    }

    expect(faults).toHaveLength(1);
    expect(await statuses()).toEqual({ EUR: 'TOO_FEW_CUSTOMERS', USD: 'FAILED' });
    expect([await isDueAfter(0.9 * hourMs), await isDueAfter(1.1 * hourMs)]).toEqual([false, true]);
  });
});

describe('a fit', () => {
  it('does not start while another one of the currency is running', async () => {
    const isUsd = { currencyCode: 'USD' };
    await db.customerValueFit.updateMany({ where: isUsd, data: { status: 'RUNNING', startedAt: new Date() } });

    await expect(fitCustomerValue(db, { ...isUsd, unit: 'WEEK', asOf })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Another fit of USD is running'),
    });
    expect(await statuses()).toMatchObject({ USD: 'RUNNING' });
  });

  it('starts an hour after one that was interrupted', async () => {
    const runningSince = (startedAt: Date) =>
      db.customerValueFit.updateMany({ where: { currencyCode: 'USD' }, data: { status: 'RUNNING', startedAt } });
    await runningSince(new Date(Date.now() - 0.9 * hourMs));
    await expect(fitCustomerValue(db, { currencyCode: 'USD', unit: 'WEEK', asOf })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await runningSince(new Date(Date.now() - 1.1 * hourMs));

    await fitCustomerValue(db, { currencyCode: 'USD', unit: 'WEEK', asOf });

    expect(await statuses()).toMatchObject({ USD: 'FITTED' });
  });

  it('stops when its process does, and is recorded as failed', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));

    await makeDue('USD');
    await expect(refitCustomerValue(db, asOf, { signal }, () => undefined)).rejects.toThrow('stopped');
    await expect(fitCustomerValue(db, { currencyCode: 'USD', unit: 'WEEK', asOf, signal })).rejects.toThrow('stopped');
    expect(await statuses()).toMatchObject({ USD: 'FAILED' });
  });
});
