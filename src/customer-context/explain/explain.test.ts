import { beforeAll, describe, expect, it } from 'vitest';
import { type Tenant, unlimited, useApi } from '../../../test/api.ts';
import { customersAndProducts, generateHistories } from '../../../test/history-generator.ts';
import { statementsOf } from '../../../test/rows-read.ts';
import { writeLines } from '../../../test/run-import.ts';
import { createApiKey } from '../../access/api-keys.ts';
import { allScopes } from '../../access/scopes.ts';
import { encodeId, newId } from '../../lib/ids.ts';
import { amount, sum, zero } from '../../lib/money.ts';
import { computeRfmBounds } from '../../orders/statistics/rfm.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');
const customers = 12;
const explaining = `query ($id: ID!) { fact(id: $id) { id kind value method version inputs { name id value } numberOfInputs at confidence } }`;

// Every fact of a context, with the values next to it.
const facts = `{ identity { fact { id } }
  value { statistics { currencyCode numberOfOrders amountOrdered { amount } amountSpent { amount } firstOrderAt lastOrderAt fact { id kind } }
    rhythm { meanIntervalDays deviationDays overdueAt fact { id kind } } rfm { group frequency monetary recencyScore fact { id kind } } }
  now { openCases { fact { id kind } } returnsInProgress { fact { id kind } } }
  history { orders { number status total { amount } fact { id kind } } interactions { fact { id kind } } surveyResponses { rating fact { id kind } }
    purchasedProducts { timesBought quantity fact { id kind } } }
  preferences { inForce { key fact { id kind confidence } } consents { status fact { id kind } } }
  gestures { factIds } }`;

type Input = { name: string; id: string | null; value: Record<string, string> };

async function explain(id: string, { data }: Tenant = shop) {
  return (await data(explaining, { id })).fact;
}

async function contextOf(n: number) {
  const by = { externalId: { source: 'histories', value: `customer-${n}` } };
  return (await shop.data(`query ($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT) ${facts} }`, { by }))
    .customerContext;
}

beforeAll(async () => {
  await writeLines(
    shop.db,
    [...customersAndProducts(customers), ...generateHistories(customers, 3).map(({ line }) => line)],
    'histories',
  );
  await computeRfmBounds(shop.db);
}, 60_000);

describe('fact', () => {
  it('explains every fact of every context under a unique ID', async () => {
    const kinds = new Set<string>();
    for (let n = 0; n < customers; n++) {
      const text = JSON.stringify(await contextOf(n));
      const shown = [...text.matchAll(/"fact":\{"id":"(\w+)"(?:,"kind":"(\w+)")?/g)];
      const grounds = [...text.matchAll(/"factIds":\["(\w+)"/g)];
      expect(new Set(shown.map(([, id]) => id)).size).toBe(shown.length);
      for (const [, id = '', kind] of [...shown, ...grounds]) {
        const { answer: fact, sent } = await statementsOf(api, () => explain(id));
        // Preferences and consents have a statement of their inputs.
        expect(sent.length).toBeLessThanOrEqual(fact.kind === 'COMPUTED' ? 1 : 2);
        expect(fact).toMatchObject({
          id,
          ...(kind && { kind }),
          method: expect.any(String),
          version: expect.any(Number),
        });
        kinds.add(fact.kind);
      }
    }

    expect([...kinds].sort()).toEqual(['COMPUTED', 'INFERRED', 'OBSERVED', 'STATED', 'STORED']);
  });

  it('explains totals that match the sum of their inputs', async () => {
    for (let n = 0; n < customers; n++) {
      for (const { fact, ...said } of (await contextOf(n)).value.statistics) {
        const { value, inputs, numberOfInputs } = await explain(fact.id);
        const orders = inputs.filter(({ name }: Input) => name === 'Order');
        const total = (of: Input[], name: string) => sum(of.map(({ value }) => amount(value[name] ?? '0')));
        const spent = (inputs as Input[]).map(
          ({ name, value: { amountPaid = '0', amountRefunded = '0', amountReturned = '0' } }) => {
            const left = amount(amountPaid).minus(Math.max(Number(amountRefunded), Number(amountReturned)));
            return name === 'Order' && left.isNegative() ? zero : left;
          },
        );

        expect(value).toMatchObject({
          currencyCode: said.currencyCode,
          numberOfOrders: said.numberOfOrders,
          amountOrdered: said.amountOrdered.amount,
          amountSpent: said.amountSpent.amount,
        });
        expect(numberOfInputs).toBe(inputs.length);
        expect(orders.length).toBe(said.numberOfOrders);
        expect(total(orders, 'total').toNumber()).toBe(Number(said.amountOrdered.amount));
        expect(sum(spent).toNumber()).toBeCloseTo(Number(said.amountSpent.amount), 4);
      }
    }
  });

  it('explains rhythm, RFM scores and owned products with the values of the context', async () => {
    const [{ value, history }] = (await Promise.all(Array.from({ length: customers }, (_, n) => contextOf(n)))).filter(
      (each) => each.value.rhythm && each.history.purchasedProducts.length > 0,
    );
    const { fact: rhythmFact, ...rhythm } = value.rhythm;
    const { fact: rfmFact, ...rfm } = value.rfm;
    const [{ fact: ownedFact, ...owned }] = history.purchasedProducts;
    const [ofRhythm, ofRfm, ofOwned] = [
      await explain(rhythmFact.id),
      await explain(rfmFact.id),
      await explain(ownedFact.id),
    ];

    expect(ofRhythm.value).toMatchObject(rhythm);
    expect(ofRfm.value).toMatchObject(rfm);
    expect(ofRfm.inputs.map(({ name }: Input) => name)).toEqual(['statistics', 'bounds']);
    expect(await explain(ofRfm.inputs[0].id)).toMatchObject({ kind: 'COMPUTED' });
    expect(ofOwned.value).toMatchObject(owned);
    expect(
      ofOwned.inputs.reduce((all: number, { value }: { value: { quantity: number } }) => all + value.quantity, 0),
    ).toBe(owned.quantity);
  });

  it('lists the values that a preference replaced, and every decision of a consent', async () => {
    const customer = { externalId: { source: 'histories', value: 'customer-0' } };
    const set = (value: string, origin: string) =>
      shop.data(`mutation ($input: SetPreferenceInput!) { setPreference(input: $input) { preference { id } } }`, {
        input: { customer, key: 'shoe.size', value: { string: value }, origin, source: 'desk', confidence: 0.5 },
      });
    const first = (await set('38', 'OBSERVED')).setPreference.preference.id;
    const second = (await set('39', 'STATED')).setPreference.preference.id;
    const consent = (status: string) =>
      shop.data(`mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { outcome } }`, {
        input: { customer, channel: 'FAX', purpose: 'SURVEY', status },
      });
    await consent('GRANTED');
    await consent('REVOKED');
    const consents = (await contextOf(0)).preferences.consents;
    const revoked = await Promise.all(consents.map(({ fact }: { fact: { id: string } }) => explain(fact.id)));

    expect(await explain(second)).toMatchObject({
      kind: 'STATED',
      confidence: 0.5,
      value: { key: 'shoe.size', values: ['39'], status: 'ACTIVE' },
      inputs: [
        { name: 'source', id: null, value: { source: 'desk' } },
        { name: 'preference', id: first, value: { values: ['38'], status: 'SUPERSEDED' } },
      ],
    });
    expect(revoked.find(({ value }) => value.channel === 'FAX')).toMatchObject({
      value: { status: 'REVOKED' },
      inputs: [{ value: { status: 'REVOKED' } }, { value: { status: 'GRANTED' } }],
    });
  });

  it('rejects invalid IDs, requires the scope of the data, and hides facts of other tenants', async () => {
    const id = (await contextOf(0)).history.orders[0].fact.id;
    const other = await api.tenant('other');
    const { secret } = await createApiKey(shop.db, {
      name: 'narrow',
      scopes: allScopes.filter((scope) => scope !== 'orders:read'),
    });
    const counted = `fact_statistics_${encodeId('Customer', newId())}_EUR`;
    const unknown = encodeId('Case', newId());
    const wrong = [
      '',
      'fact',
      'fact_rfm',
      `${counted}x`,
      counted.replace('statistics', 'guess'),
      encodeId('ApiKey', newId()),
    ];

    for (const each of wrong)
      expect((await shop.error(explaining, { id: each })).extensions).toMatchObject({
        code: 'INVALID_INPUT',
        field: ['id'],
      });
    for (const each of [id, counted])
      expect((await api.sendAs(secret, explaining, { id: each })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect([await explain(counted), await explain(unknown), await explain(id, other)]).toEqual([null, null, null]);
  });
});
