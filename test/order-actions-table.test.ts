import { describe, expect, it } from 'vitest';
import type { OrderAction } from '../src/db/generated/prisma/enums.ts';
import { encodeId } from '../src/lib/ids.ts';
import { verifyStatistics } from '../src/orders/statistics/verify-statistics.ts';
import { useApi } from './api.ts';
import { cases, ofStatus, valid } from './order-action-cases.ts';
import { contentOf, mutations, openRetail, type RetailStatus } from './order-actions.ts';

const api = await useApi();
const shop = await api.tenant('retail');
const retail = await openRetail(shop);

describe('the retail policy', () => {
  it('is checked in at least 60 cases', () => expect(cases.length).toBeGreaterThanOrEqual(60));

  it.each(cases.map((each) => [each.action, each.status, each.what, each.refusal ?? 'allowed', each] as const))(
    '%s of a %s order, %s: %s',
    async (_action, _status, _what, _expected, { action, status, paidWith: method, taken = [], input, refusal }) => {
      const order = await retail.take(status, method ?? 'credit_card');
      for (const earlier of taken) {
        const { errors } = await retail.act(earlier, order, await valid[earlier](order, retail));
        expect(errors).toBeUndefined();
      }
      const given = await (input ?? valid[action])(order, retail);
      const content = await contentOf(shop.db);

      const tried = await retail.act(action, order, { ...given, dryRun: true });
      expect(await contentOf(shop.db)).toEqual(content);
      const done = await retail.act(action, order, given);

      if (refusal) {
        expect(done.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', refusal });
        expect(tried.errors?.[0]?.extensions).toEqual(done.errors?.[0]?.extensions);
        expect(await contentOf(shop.db)).toEqual(content);
        return;
      }
      expect(done.errors).toBeUndefined();
      expect(done.data.action).toMatchObject({ outcome: 'UPDATED', isDryRun: false, policyVersion: 1 });
      const { payments, priceDifference } = done.data.action;
      expect(tried.data.action).toMatchObject({ isDryRun: true, returnId: null, payments, priceDifference });
    },
  );

  it('leaves no difference in the statistics', async () => {
    expect(await verifyStatistics(shop.db)).toMatchObject({ differences: [] });
  });
});

describe('allowedActions', () => {
  const query = `query ($by: OrderKey!) { order(by: $by) { allowedActions { action isAllowed refusals { code message } reasons
    lines { lineId quantity } paymentMethodIds possibleUntil policyVersion } changes { nodes { action policyVersion } } } }`;

  it.each(Object.entries(ofStatus))('agrees with the mutations for %s orders', async (status, refusals) => {
    const order = await retail.take(status as RetailStatus, 'credit_card');
    if (status === 'pending') await retail.paypal(order);

    const found = await shop.data(query, { by: { id: encodeId('Order', order.id) } });

    const decided = found.order.allowedActions.map((each: { action: string; refusals: { code: string }[] }) => [
      each.action,
      each.refusals[0]?.code,
    ]);
    expect(decided).toEqual(Object.keys(mutations).map((action) => [action, refusals[action as OrderAction]]));
  });

  it('lists the options', async () => {
    const order = await retail.take('pending', 'credit_card');
    const enough = await retail.giftCard(order, '9999');
    const little = await retail.giftCard(order, '0.01');

    const found = await shop.data(query, { by: { id: encodeId('Order', order.id) } });

    const [cancel, , pay, items] = found.order.allowedActions;
    expect(cancel).toMatchObject({
      reasons: ['no longer needed', 'ordered by mistake'],
      possibleUntil: null,
      policyVersion: 1,
    });
    expect(pay.paymentMethodIds).toContain(enough.id);
    expect(pay.paymentMethodIds).not.toContain(little.id);
    expect(items.lines).toEqual(
      order.lines.map(({ id, quantity }) => ({ lineId: encodeId('OrderLine', id), quantity })),
    );
  });
});
