import { randomGenerator } from './random.ts';

/** Line of an import file. */
export type Line = Record<string, unknown> & { type: string };
export type Event = { at: number; line: Line };

const hourMs = 3_600_000;
/** Returns the key of the nth customer. */
export const customerKey = (n: number) => ({ externalId: { source: 'histories', value: `customer-${n}` } });
export const iso = (at: number) => new Date(at).toISOString();
const numberOfProducts = 6;

/** Import lines for the customers and products of the generated histories. */
export function customersAndProducts(customers: number): Line[] {
  const named = (n: number) => ({ key: customerKey(n), displayName: `Customer ${n}`, timezone: 'Europe/Warsaw' });
  const product = (n: number) => ({ key: { externalId: `product-${n}` }, title: `Product ${n}` });
  return [
    ...Array.from({ length: customers }, (_, n) => ({ type: 'customer', ...named(n) })),
    ...Array.from({ length: numberOfProducts }, (_, n) => ({ type: 'product', ...product(n) })),
  ];
}

/** Generates random events of the customers over two years, in chronological order. Every change repeats its record. */
export function generateHistories(customers: number, seed: number): Event[] {
  const { below, one, times } = randomGenerator(seed);
  const events: Event[] = [];
  const start = Date.UTC(2024, 0, 1);
  // Every event has a different time.
  const instant = () => start + below(700 * 24) * hourMs + events.length * 1000 + below(900);
  const later = (at: number) => at + (1 + below(200)) * hourMs + events.length * 1000;
  const add = (at: number, line: Line) => events.push({ at, line });

  for (let n = 0; n < customers; n++) {
    const customer = customerKey(n);
    times(8, (i) => {
      const key = { externalId: `order-${n}-${i}` };
      const lines = Array.from({ length: 1 + below(3) }, () => ({
        product: { externalId: `product-${below(numberOfProducts)}` },
        quantity: 1 + below(3),
        unitPrice: `${1 + below(90)}.50`,
      }));
      let at = instant();
      const order = { type: 'order', key };
      const currencyCode = one(['EUR', 'KWD']);
      add(at, { ...order, customer, placedAt: iso(at), currencyCode, channel: 'WEB', lines, note: `Order ${i}` });
      const total = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * Number(unitPrice), 0).toFixed(2);
      const payments: object[] = [];
      const fulfillments: object[] = [];
      const changes: (() => Line)[] = [
        () => {
          payments.push({ kind: 'PAYMENT', method: 'card', amount: total, occurredAt: iso(at) });
          return { ...order, payments: [...payments], paymentStatus: 'PAID' };
        },
        () => {
          fulfillments.push({ status: 'IN_TRANSIT', shippedAt: iso(at) });
          return { ...order, fulfillments: [...fulfillments], status: 'FULFILLED' };
        },
        () => {
          const [first] = fulfillments;
          if (first) Object.assign(first, { status: 'DELIVERED', deliveredAt: iso(at) });
          return { ...order, fulfillments: fulfillments.map((each) => ({ ...each })) };
        },
        () => {
          payments.push({ kind: 'REFUND', method: 'card', amount: '0.50', occurredAt: iso(at) });
          return { ...order, payments: [...payments], paymentStatus: 'PARTIALLY_REFUNDED' };
        },
        () => ({ ...order, note: `Noted at ${iso(at)}`, status: one(['CANCELED', 'FULFILLED']) }),
        () => ({ ...order, customer: customerKey(below(customers)) }),
      ];
      for (const change of changes.slice(0, below(changes.length + 1))) {
        at = later(at);
        add(at, { ...change(), changedAt: iso(at) });
      }
      if (below(3) > 0) return;
      const lines2 = lines.slice(0, 1).map(({ product, quantity, unitPrice }) => ({ product, quantity, unitPrice }));
      if (below(2) > 0) {
        at = later(at);
        add(at, {
          ...order,
          lines: [...lines2, { title: 'Gift wrap', quantity: 1, unitPrice: '2' }],
          changedAt: iso(at),
        });
      }
      const goods = { type: 'return', key: { externalId: `return-${n}-${i}` }, order: key };
      at = later(at);
      add(at, {
        ...goods,
        occurredAt: iso(at),
        reason: 'Too big',
        refundAmount: '1',
        lines: [{ title: lines[0]?.product.externalId.replace('product-', 'Product '), quantity: 1 }],
      });
      for (const status of ['APPROVED', 'RECEIVED', 'COMPLETED'].slice(0, below(4))) {
        at = later(at);
        add(at, { ...goods, status, changedAt: iso(at) });
      }
    });
    times(3, (i) => {
      const key = { externalId: `case-${n}-${i}` };
      let at = instant();
      add(at, {
        type: 'case',
        key,
        customer,
        kind: one(['COMPLAINT', 'QUESTION']),
        subject: `Case ${i}`,
        openedAt: iso(at),
      });
      const promise = { text: 'Soon', dueAt: iso(at + 100 * hourMs) };
      const changes: (() => Line)[] = [
        () => ({ type: 'case', key, status: 'PENDING', firstResponseAt: iso(at), promise, changedAt: iso(at) }),
        () => ({ type: 'case', key, priority: 'URGENT', assignee: 'Ola', changedAt: iso(at) }),
        () => ({ type: 'case', key, status: 'RESOLVED', resolvedAt: iso(at) }),
        () => ({ type: 'case', key, status: 'OPEN', changedAt: iso(at) }),
      ];
      for (const change of changes.slice(0, below(changes.length + 1))) {
        at = later(at);
        add(at, change());
      }
    });
    times(12, (i) => {
      const at = instant();
      const said = {
        channel: 'EMAIL',
        direction: one(['INBOUND', 'OUTBOUND']),
        kind: 'MESSAGE',
        body: `At ${iso(at)}`,
      };
      add(at, { type: 'interaction', key: { externalId: `said-${n}-${i}` }, customer, occurredAt: iso(at), ...said });
    });
    times(8, () => {
      const at = instant();
      const value = { string: one(['red', 'blue', 'green']) };
      const known = { origin: one(['STATED', 'OBSERVED', 'INFERRED']), doNotUse: below(4) === 0 };
      add(at, { type: 'preference', customer, key: one(['colour', 'tone']), value, ...known, validFrom: iso(at) });
    });
    times(6, () => {
      const at = instant();
      const decision = { channel: one(['EMAIL', 'SMS']), purpose: one(['MARKETING', 'SERVICE']) };
      const status = one(['GRANTED', 'DENIED', 'REVOKED']);
      add(at, { type: 'consent', customer, ...decision, status, capturedAt: iso(at) });
    });
    times(3, (i) => {
      const at = instant();
      const answer = { kind: 'CSAT', rating: 1 + below(5), respondedAt: iso(at) };
      add(at, { type: 'surveyResponse', key: { externalId: `answer-${n}-${i}` }, customer, ...answer });
    });
  }
  return events.sort((a, b) => a.at - b.at);
}
