import { beforeAll, expect, it } from 'vitest';
import { decodeIdOf, encodeId } from '../../src/lib/ids.ts';
import { countPairs } from '../../src/recommendations/count-pairs.ts';
import { useApi } from '../api.ts';
import { writeLines } from '../run-import.ts';
import { type McpClient, useMcp } from './mcp-client.ts';

const api = await useApi();
const shop = await api.tenant('shop');
const mcp = await useMcp(api);
const verified = { assurance: 'VERIFIED', proof: 'LOGIN' };
let agent: McpClient;

const order = (id: string, customer: string | null, products: string[], month = 1) => ({
  type: 'order',
  key: { externalId: id },
  customer: customer && { externalId: customer },
  placedAt: `2026-${String(month).padStart(2, '0')}-01T10:00:00Z`,
  currencyCode: 'PLN',
  lines: products.map((externalId) => ({ product: { externalId }, quantity: 1, unitPrice: '10' })),
});
const product = (externalId: string, more: object = {}) => ({
  type: 'product',
  key: { externalId },
  title: externalId,
  ...more,
});
const consent = (customer: string, purpose: string, status: string) => ({
  type: 'consent',
  customer: { externalId: customer },
  channel: 'EMAIL',
  purpose,
  status,
  capturedAt: '2026-01-01T00:00:00Z',
});

beforeAll(async () => {
  await writeLines(
    shop.db,
    [
      product('laptop'),
      product('mouse'),
      product('old-dock', { isActive: false }),
      product('coffee'),
      product('old-tea', { isActive: false }),
      ...['ada', 'bob', 'cy'].map((externalId) => ({ type: 'customer', key: { externalId } })),
      ...[1, 2, 3].map((month) => order(`g${month}`, null, ['laptop', 'mouse', 'old-dock'], month)),
      ...[1, 2, 3].map((month) => order(`a${month}`, 'ada', ['coffee', 'old-tea'], month)),
      ...['ada', 'bob', 'cy'].map((customer) => order(`l-${customer}`, customer, ['laptop'], 4)),
      consent('ada', 'MARKETING', 'GRANTED'),
      consent('cy', 'PERSONALISATION', 'DENIED'),
    ],
    'test',
  );
  await countPairs(shop.db, { until: new Date('2026-06-01T00:00:00Z') });
  agent = await mcp.connect(shop.secret);
}, 60_000);

const idOf = async (value: string): Promise<string> =>
  (await agent.read('find_customer', { externalId: { source: 'test', value } })).data.matches[0].customerId;

type Action = { kind: string; factIds: string[]; productId?: string };
const offersFor = async (customer: string, purpose?: string) => {
  const args = { customerId: await idOf(customer), ...verified, ...(purpose && { purpose }) };
  const { data, text } = await agent.read('suggest_next_actions', args);
  return { text, offers: (data.actions as Action[]).filter(({ productId }) => productId !== undefined) };
};

it.each(['PERSONALISATION', 'MARKETING'])('offers for %s what can be bought and is not owned', async (purpose) => {
  const { offers, text } = await offersFor('ada', purpose);

  expect(offers.map(({ kind }) => kind)).toEqual(['REPLENISH', 'RECOMMEND']);
  expect(text).toMatch(/^REPLENISH coffee \(product_\w+\) since 2026-/m);
  expect(text).toMatch(/^RECOMMEND mouse \(product_\w+\), bought with laptop$/m);
  expect(text).not.toMatch(/RECOMMEND laptop|old-dock|old-tea/);
});

it('cites facts that lead to the orders of the customer', async () => {
  const { offers } = await offersFor('ada', 'PERSONALISATION');
  const [replenish, recommend] = offers;
  const own = await shop.db.order.findMany({ where: { customerId: decodeIdOf('Customer', await idOf('ada')) } });
  const numberOf = new Map(own.map(({ id, externalId }) => [encodeId('Order', id), externalId]));
  const explain = async (factId: string | undefined) =>
    (await agent.read('explain_fact', { factId, ...verified, maxTokens: 4_000 })).data;

  const due = await explain(replenish?.factIds[0]);
  const bought = await explain(recommend?.factIds[0]);

  expect(due.inputs.map(({ id }: { id: string }) => numberOf.get(id)).sort()).toEqual(['a1', 'a2', 'a3']);
  expect([bought.kind, numberOf.get(bought.factId)]).toEqual(['STORED', 'l-ada']);
});

it.each(['SUPPORT', undefined])('offers nothing for the purpose %s', async (purpose) => {
  const { offers, text } = await offersFor('ada', purpose);

  expect(offers).toEqual([]);
  expect(text).toContain('WITHHELD offers (PURPOSE: PERSONALISATION, MARKETING)');
});

it.each([
  ['MARKETING', 'bob'],
  ['PERSONALISATION', 'cy'],
])('offers nothing for %s without the consent of the customer', async (purpose, customer) => {
  const { value } = (
    await shop.data(
      `query ($by: CustomerKey!, $purpose: Purpose!) { customerContext(by: $by, purpose: $purpose) {
        value { recommendations { title } replenishments { title } } } }`,
      { by: { externalId: { source: 'test', value: customer } }, purpose },
    )
  ).customerContext;
  const args = { customerId: await idOf(customer), ...verified, purpose };

  expect(value).toBeNull();
  expect(await agent.fail('suggest_next_actions', args)).toMatch(/^FORBIDDEN: .*value \(CONSENT: /);
});

it('has the recommendations of the customer in a context', async () => {
  const by = { externalId: { source: 'test', value: 'bob' } };
  const fields = 'recommendations { productId title score availability reasons { title orderId } }';
  const found = await shop.data(
    `query ($by: CustomerKey!) { customer(by: $by) { ${fields} }
      customerContext(by: $by, purpose: PERSONALISATION) { value { ${fields} } } }`,
    { by },
  );

  expect(found.customerContext.value.recommendations).toMatchObject([{ title: 'mouse', availability: 'UNKNOWN' }]);
  expect(found.customerContext.value.recommendations).toEqual(found.customer.recommendations);
});
