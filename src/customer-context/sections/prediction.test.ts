import { beforeAll, describe, expect, it } from 'vitest';
import { unlimited, useApi } from '../../../test/api.ts';
import { paperExpectation } from '../../../test/paper-expectation.ts';
import { writeLines } from '../../../test/run-import.ts';
import { simulateHistories } from '../../../test/simulated-buyers.ts';
import { instantOf, simulatedOrder, simulatedOrders } from '../../../test/simulated-orders.ts';
import { type FittedValue, fitCustomerValue } from '../../customer-value/fit.ts';
import { refitCustomerValue } from '../../customer-value/refit.ts';
import { decodeId } from '../../lib/ids.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');
const published = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const histories = simulateHistories(published, 300, 9);
const end = 300;
const at = instantOf(end, 23.99);
const yearInWeeks = 365.25 / 7;

const asking = `query ($customer: String!, $asOf: DateTime) {
  customerContext(by: { externalId: { source: "test", value: $customer } }, purpose: SUPPORT, asOf: $asOf) {
    value { prediction { status currencyCode expectedPurchases expectedValue { amount currencyCode } probabilityActive
      model { unit asOf fittedAt customers repeatCustomers dropout r alpha a b p q gamma } fact { id kind at } } } } }`;
const explaining =
  'query ($id: ID!) { fact(id: $id) { value method version inputs { name id value } numberOfInputs } }';

const predictionOf = async (customer: string, asOf: string | null = at, tenant = shop) =>
  (await tenant.data(asking, { customer, asOf })).customerContext.value.prediction;

let fitted: FittedValue;

beforeAll(async () => {
  await writeLines(
    shop.db,
    [
      ...simulatedOrders(histories, end),
      { type: 'customer', key: { externalId: 'new' } },
      { type: 'customer', key: { externalId: 'abroad' } },
      simulatedOrder('abroad', '1', instantOf(20), { currencyCode: 'EUR' }),
      // Neither order counts: one is after the end, and the other one was canceled.
      simulatedOrder('c0', 'later', instantOf(end + 1)),
      simulatedOrder('c1', 'canceled', instantOf(end - 1), { status: 'CANCELED' }),
    ],
    'test',
  );
  fitted = await fitCustomerValue(shop.db, { currencyCode: 'USD', unit: 'WEEK', asOf: new Date(at) });
});

describe('a prediction', () => {
  it('equals equation 10 of the paper, with the mean value of the Gamma-Gamma model', async () => {
    const { parameters, spending } = fitted;
    const { p, q, gamma } = spending?.parameters ?? { p: 0, q: 0, gamma: 0 };
    for (const [i, history] of histories.slice(0, 40).entries()) {
      const prediction = await predictionOf(`c${i}`);
      const { x } = history;
      const repeatValue = Array.from({ length: x }, (_, n) => 5.5 + ((i * 7 + n + 1) % 40)).reduce((a, b) => a + b, 0);
      const purchases = paperExpectation(parameters, history, yearInWeeks);

      expect(prediction).toMatchObject({ status: 'PREDICTED', currencyCode: 'USD' });
      expect(prediction.expectedPurchases / purchases).toBeCloseTo(1, 8);
      expect(Number(prediction.expectedValue.amount)).toBeCloseTo(
        (purchases * p * (gamma + repeatValue)) / (p * x + q - 1),
        1,
      );
      expect(prediction.probabilityActive).toBeGreaterThan(0);
      expect(prediction.probabilityActive).toBeLessThanOrEqual(1);
    }
  });

  it('has the stored parameters, and expects less the longer a customer stays away', async () => {
    const [i] = [...histories.entries()].find(([, { x }]) => x > 2) ?? [0];
    const [then, now] = [await predictionOf(`c${i}`), await predictionOf(`c${i}`, null)];

    expect(then.model).toMatchObject({
      ...fitted.parameters,
      ...fitted.spending?.parameters,
      unit: 'WEEK',
      asOf: fitted.asOf.toISOString(),
      fittedAt: fitted.fittedAt.toISOString(),
      customers: 300,
    });
    expect(now.expectedPurchases).toBeLessThan(then.expectedPurchases);
    expect(now.probabilityActive).toBeLessThan(then.probabilityActive);
    expect(now.fact.kind).toBe('COMPUTED');
  });

  it('is explained by its parameters, the numbers of the customer, and their orders', async () => {
    const [i, { x }] = [...histories.entries()].find(([, history]) => history.x > 2) ?? [0, { x: 0 }];
    const { fact, model, expectedValue, ...said } = await predictionOf(`c${i}`, null);

    const { value, inputs, numberOfInputs, method } = (await shop.data(explaining, { id: fact.id })).fact;

    const [history, parameters, ...orders] = inputs;
    const { repeatPurchases, daysToLastPurchase, daysObserved, expectedMeanValue } = history.value;
    const inWeeks = { x: repeatPurchases, lastAt: daysToLastPurchase / 7, age: daysObserved / 7 };
    expect(value).toMatchObject({
      status: said.status,
      currencyCode: 'USD',
      expectedPurchases: said.expectedPurchases,
      probabilityActive: said.probabilityActive,
      expectedValue: expectedValue.amount,
    });
    expect([history.name, parameters.name, repeatPurchases, numberOfInputs]).toEqual(['history', 'model', x, x + 3]);
    expect(parameters.value).toMatchObject({ r: model.r, alpha: model.alpha, q: model.q });
    expect(paperExpectation(parameters.value, inWeeks, yearInWeeks)).toBeCloseTo(said.expectedPurchases, 8);
    expect(said.expectedPurchases * expectedMeanValue).toBeCloseTo(Number(expectedValue.amount), 1);
    const days = orders.map(({ value }: { value: { at: string } }) => Date.parse(value.at.slice(0, 10)) / 86_400_000);
    expect(Math.max(...days) - Math.min(...days)).toBe(daysToLastPurchase);
    for (const { name, id } of orders) expect([name, decodeId(id)?.type]).toEqual(['Order', 'Order']);
    expect(method).toContain('BG/NBD');
  });

  it('is null with a reason', async () => {
    const other = await api.tenant('other');
    await writeLines(
      other.db,
      [{ type: 'customer', key: { externalId: 'new' } }, simulatedOrder('new', '1', at)],
      'test',
    );
    const none = { expectedPurchases: null, expectedValue: null, probabilityActive: null, model: null };

    expect(await predictionOf('new')).toMatchObject({ status: 'NO_PURCHASES', currencyCode: null, ...none });
    expect(await predictionOf('abroad')).toMatchObject({ status: 'NOT_FITTED', currencyCode: 'EUR', ...none });
    expect(await predictionOf('new', null, other)).toMatchObject({
      status: 'NOT_FITTED',
      currencyCode: 'USD',
      ...none,
    });
    await refitCustomerValue(shop.db, new Date(at));
    expect(await predictionOf('abroad')).toMatchObject({ status: 'TOO_FEW_CUSTOMERS', ...none });
    const { fact } = await predictionOf('abroad');
    expect((await shop.data(explaining, { id: fact.id })).fact).toMatchObject({
      value: { status: 'TOO_FEW_CUSTOMERS' },
      numberOfInputs: 0,
    });
  });

  it('has no value if the amounts have no model', async () => {
    await shop.db.customerValueModel.updateMany({ data: { p: null, q: null, gamma: null } });

    const prediction = await predictionOf('c2');

    expect(prediction).toMatchObject({ status: 'WITHOUT_VALUE', expectedValue: null });
    expect(prediction.expectedPurchases).toBeGreaterThan(0);
  });
});
