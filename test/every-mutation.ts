import { OrderAction } from '../src/db/generated/prisma/enums.ts';
import type { Tenant } from './api.ts';
import { exampleWrites, fieldOf } from './example-writes.ts';

/** All mutations that need only a customer, as fields of a document. */
export function mutationsOf(customerId: string): string[] {
  const by = `{ id: "${customerId}" }`;
  const byHand = [
    `addContactPoint(input: { customer: ${by}, kind: PHONE, value: "512345678" })`,
    `tagCustomer(input: { customer: ${by}, tag: "x" })`,
    `untagCustomer(input: { customer: ${by}, tag: "x" })`,
    `upsertProduct(input: { key: { externalId: { source: "s", value: "p" } }, variants: [{ sku: "1" }] })`,
    `upsertLocation(input: { key: { externalId: { source: "s", value: "l" } } })`,
    `upsertOrder(input: { key: { externalId: { source: "s", value: "o" } }, customer: ${by}, placedAt: "2026-01-01T00:00:00Z", currencyCode: "PLN", total: "9" })`,
    `upsertPaymentMethod(input: { key: { externalId: { source: "s", value: "m" } }, customer: ${by}, kind: PAYPAL })`,
    `recordPayment(input: { order: { externalId: { source: "s", value: "o" } }, kind: PAYMENT, method: "cash", amount: "9" })`,
    `recordFulfillment(input: { order: { externalId: { source: "s", value: "o" } }, status: DELIVERED })`,
    `recordReturn(input: { customer: ${by}, occurredAt: "2026-01-01T00:00:00Z", currencyCode: "PLN" })`,
    `setOrderPolicy(input: { rules: ${anyAction} })`,
    `updateOrderShippingAddress(input: { order: { externalId: { source: "s", value: "o" } }, shippingAddress: { lines: ["x"] } })`,
    `updateOrderPaymentMethod(input: { order: { externalId: { source: "s", value: "o" } }, paymentMethod: { externalId: { source: "s", value: "m" } } })`,
    `cancelOrder(input: { order: { externalId: { source: "s", value: "o" } } })`,
    `definePreference(input: { key: "k", valueType: STRING })`,
    `setPreference(input: { customer: ${by}, key: "k", value: { string: "v" }, origin: STATED })`,
    `retractPreference(input: { customer: ${by}, key: "k" })`,
    `recordConsent(input: { customer: ${by}, channel: EMAIL, purpose: SERVICE, status: GRANTED })`,
    `upsertInteraction(input: { customer: ${by}, channel: EMAIL, direction: INBOUND, occurredAt: "2026-01-01T00:00:00Z" })`,
    `upsertCase(input: { key: { externalId: { source: "s", value: "c" } }, customer: ${by}, subject: "x" })`,
    `openCase(input: { customer: ${by}, subject: "y" })`,
    `updateCase(input: { key: { externalId: { source: "s", value: "c" } }, priority: HIGH })`,
    `resolveCase(input: { key: { externalId: { source: "s", value: "c" } } })`,
    `reopenCase(input: { key: { externalId: { source: "s", value: "c" } } })`,
    `recordSurveyResponse(input: { customer: ${by}, kind: NPS, rating: 9 })`,
    `scheduleFollowUp(input: { key: { externalId: { source: "s", value: "f" } }, customer: ${by}, text: "x", dueAt: "2062-01-01T12:00:00Z" })`,
    `completeFollowUp(input: { key: { externalId: { source: "s", value: "f" } } })`,
    `scheduleFollowUp(input: { key: { externalId: { source: "s", value: "g" } }, customer: ${by}, text: "x", dueAt: "2062-01-01T12:00:00Z" })`,
    `cancelFollowUp(input: { key: { externalId: { source: "s", value: "g" } } })`,
    `suggestNextAction(input: { key: { externalId: { source: "s", value: "n" } }, customer: ${by}, kind: APOLOGY, text: "x" })`,
    `updateNextActionStatus(input: { key: { externalId: { source: "s", value: "n" } }, status: DISMISSED })`,
    `setNextActionCap(input: { currencyCode: "PLN", amount: "9", periodDays: 30 })`,
    `createCustomerToken(input: { customer: ${by} })`,
    `requestErasure(input: { customer: ${by} })`,
    `setRetention(input: { interactionRetentionDays: 9999 })`,
  ];
  const names = byHand.map((field) => field.slice(0, field.indexOf('(')));
  return [...byHand, ...exampleWrites(names, { id: customerId }, keyOf).map(fieldOf)];
}

// Policy that allows every action in any status.
const statuses = '{ statuses: ["UNFULFILLED", "FULFILLED"] }';
const anyAction = `{ name: "any", actions: { ${Object.values(OrderAction)
  .map((action) => `${action}: ${statuses}`)
  .join(', ')} } }`;

// Keys of the records above.
const values: Record<string, string> = { product: 'p', location: 'l', order: 'o', case: 'c' };

function keyOf(noun: string): object | undefined {
  const value = values[noun];
  return value === undefined ? undefined : { externalId: { source: 's', value } };
}

/** All mutations. Send each one before taking the next, which may need what earlier ones wrote. */
export async function* everyMutation(tenant: Tenant, customerId: string): AsyncGenerator<string> {
  yield* mutationsOf(customerId);
  const by = { id: customerId };
  const points = 'query ($by: CustomerKey!) { customer(by: $by) { contactPoints { nodes { id } } } }';
  const { contactPoints } = (await tenant.data(points, { by })).customer;
  const handOff = `mutation { openCase(input: { customer: { id: "${customerId}" }, subject: "x",
    handoff: { fromKind: BOT, to: "desk", reason: "x" } }) { case { handoffs { nodes { id } } } } }`;
  const { openCase } = await tenant.data(handOff);
  yield `acknowledgeCaseHandoff(input: { id: "${openCase.case.handoffs.nodes[0].id}", byKind: STAFF, byName: "x" })`;
  yield `removeContactPoint(input: { id: "${contactPoints.nodes[1].id}" })`;
  for (const decide of ['confirmPreference', 'rejectPreference']) {
    const { setPreference } = await tenant.data(`mutation { setPreference(input: { customer: { id: "${customerId}" },
      key: "${decide}", value: { string: "v" }, origin: INFERRED, isProposed: true }) { preference { id } } }`);
    yield `${decide}(input: { id: "${setPreference.preference.id}" })`;
  }
  yield* itemMutations(tenant, by);
  const { erasureRequests } = await tenant.data(
    '{ erasureRequests(where: { status: { eq: PENDING } }) { nodes { id } } }',
  );
  yield `cancelErasure(input: { id: "${erasureRequests.nodes[0].id}" })`;
  yield 'createApiKey(input: { name: "x", scopes: [] })';
  const { createApiKey } = await tenant.data(
    'mutation { createApiKey(input: { name: "y", scopes: [] }) { apiKey { id } } }',
  );
  yield `revokeApiKey(input: { id: "${createApiKey.apiKey.id}" })`;
}

/** The actions on the lines of an order, which they name by ID. */
async function* itemMutations(tenant: Tenant, customer: { id: string }): AsyncGenerator<string> {
  const external = (value: string) => ({ externalId: { source: 's', value } });
  const price = { price: '9', currencyCode: 'PLN' };
  const variants = ['red', 'blue'].map((sku) => ({ sku, ...price }));
  const { upsertProduct } = await tenant.data(
    `mutation ($input: UpsertProductInput!) { upsertProduct(input: $input) { product { variants { nodes { id sku } } } } }`,
    { input: { key: external('mug'), variants } },
  );
  const variant = upsertProduct.product.variants.nodes[1].id;
  const order = {
    ...{ customer, placedAt: '2026-01-01T00:00:00Z', currencyCode: 'PLN' },
    lines: [{ product: external('mug'), sku: 'red', quantity: 1, unitPrice: '9' }],
  };
  for (const [name, wanted] of [
    ['updateOrderItems', `, variant: "${variant}"`],
    ['requestReturn', ''],
    ['requestExchange', `, variant: "${variant}"`],
  ]) {
    const { upsertOrder } = await tenant.data(
      `mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { order { id lines { nodes { id } } } } }`,
      { input: { ...order, key: external(`${name}`) } },
    );
    const { id, lines } = upsertOrder.order;
    yield `${name}(input: { order: { id: "${id}" }, items: [{ line: "${lines.nodes[0].id}"${wanted} }] })`;
  }
}
