import { describe, expect, it } from 'vitest';
import { canaries } from '../../test/canaries.ts';
import { busy, known, timeless, useKnownCustomer } from '../../test/known-customer.ts';
import { everything } from '../../test/whole-context.ts';
import { createApiKey } from '../access/api-keys.ts';
import { scopeOf } from '../graphql/mutations/authorize-mutation.ts';
import { piiScopes } from '../lib/pii.ts';
import { schema } from '../server/schema.ts';

const { api, shop, ask, context, keyWithout } = await useKnownCustomer();

describe('customerContext', () => {
  const guarded = `{ identity { displayName } value { rfm { group } } now { openCases { id } } history { orders { id } interactions { id } surveyResponses { id } purchasedProducts { quantity } }
    preferences { inForce { key } doNotUse { key } consents { status } contact { reason } } gestures { kind } withheld { what reason needs } }`;

  it.each([
    [
      'orders:read',
      [
        'gestures',
        'history.orders',
        'history.purchasedProducts',
        'now.returnsInProgress',
        'now.undeliveredOrders',
        'value',
      ],
    ],
    ['cases:read', ['gestures', 'now.openCases']],
    ['interactions:read', ['gestures', 'history.interactions', 'now.unansweredMessages']],
    ['feedback:read', ['history.surveyResponses']],
    [
      'preferences:read',
      ['gestures', 'preferences.consents', 'preferences.contact', 'preferences.doNotUse', 'preferences.inForce'],
    ],
  ])('withholds exactly what requires %s from a key without it, and says so', async (scope, hidden) => {
    const secret = await keyWithout(scope);
    const [narrow, full] = await Promise.all([
      api.sendAs(secret, ask(everything), { by: known }),
      shop.send(ask(everything), { by: known }),
    ]);

    const told = narrow.data.customerContext.withheld as { what: string; reason: string; needs: string[] }[];
    expect(told.map(({ what }) => what).sort()).toEqual(hidden);
    expect(told.every(({ reason, needs }) => reason === 'SCOPE' && needs.includes(scope))).toBe(true);
    for (const place of hidden) {
      expect(at(narrow.data.customerContext, place)).toBeNull();
      expect(at(full.data.customerContext, place)).not.toBeNull();
      put(full.data.customerContext, place, null);
    }
    for (const { customerContext } of [narrow.data, full.data])
      for (const name of ['withheld', 'unknown']) delete customerContext[name];
    expect(timeless(narrow.data)).toEqual(timeless(without(full.data, scope)));
  });

  it('withholds rows next to those of the context too, and fails if a list that cannot be null is withheld', async () => {
    const secret = await keyWithout('orders:read', 'interactions:read');
    const send = (selection: string, args?: string) => api.sendAs(secret, ask(selection, args), { by: known });
    const row = await send('{ now { openCases { subject order { id } } } }');
    const list = await send('{ now { openCases { interactions { nodes { id } } } } }');
    const purpose = await shop.error(
      ask('{ history { orders { interactions { totalCount } } } }', 'purpose: ANALYTICS'),
      {
        by: known,
      },
    );
    const customer = await shop.error(ask('{ history { orders { customer { orders { totalCount } } } } }'), {
      by: known,
    });

    expect(row.data.customerContext.now.openCases).toEqual([expect.objectContaining({ order: null })]);
    expect([list.data.customerContext, list.errors?.[0]]).toMatchObject([
      null,
      {
        path: ['customerContext'],
        message: expect.stringContaining('Case.interactions'),
        extensions: { code: 'FORBIDDEN' },
      },
    ]);
    expect(purpose).toMatchObject({
      message: expect.stringContaining('Order.interactions'),
      extensions: { code: 'FORBIDDEN' },
    });
    expect(customer).toMatchObject({
      message: expect.stringContaining('Customer.orders'),
      extensions: { code: 'INVALID_INPUT' },
    });
  });

  it('shows only rows of the customer, even if their rows refer to those of another customer', async () => {
    const [own, other] = [{ email: 'own@example.com' }, { email: 'other@example.com' }];
    for (const key of [own, other])
      await shop.data('mutation ($i: UpsertCustomerInput!) { upsertCustomer(input: $i) { outcome } }', {
        i: { key, note: `Note of ${key.email}` },
      });
    const order = { externalId: { source: 'shop', value: 'of-other' } };
    await shop.data('mutation ($i: UpsertOrderInput!) { upsertOrder(input: $i) { outcome } }', {
      i: { key: order, customer: other, placedAt: '2026-01-05T10:00:00Z', currencyCode: 'PLN', total: '5.00' },
    });
    await shop.data('mutation ($i: OpenCaseInput!) { openCase(input: $i) { outcome } }', {
      i: { customer: own, kind: 'QUESTION', subject: 'Mine', order },
    });

    const seen = (by: object) =>
      context(
        '{ now { openCases { subject order { id } } } history { orders { cases { totalCount nodes { subject } } } } }',
        undefined,
        by,
      );

    expect([await seen(own), await seen(other)]).toEqual([
      { now: { openCases: [{ subject: 'Mine', order: null }] }, history: { orders: [] } },
      { now: { openCases: [] }, history: { orders: [{ cases: { totalCount: 0, nodes: [] } }] } },
    ]);
  });

  it('shows of the customer of a row only what `identity` shows', async () => {
    const seen = (selection: string) =>
      shop.send(ask(`{ preferences { inForce { customer { ${selection} } } } }`), { by: known });

    expect((await seen('id displayName country')).errors).toBeUndefined();
    expect((await seen('note')).errors?.[0]).toMatchObject({
      message: expect.stringContaining('Customer.note'),
      extensions: { code: 'INVALID_INPUT' },
    });
  });

  it('reports an invalid total of a list in it as in any other query', async () => {
    expect(
      await shop.error(ask('{ history { orders { lines { totalCount(limit: 0) } } } }'), { by: known }),
    ).toMatchObject({
      extensions: { code: 'INVALID_INPUT', field: ['limit'] },
    });
  });

  it('fails for a key that may not read customers', async () => {
    const { data, errors } = await api.sendAs(await keyWithout('customers:read'), ask('{ at }'), { by: known });

    expect([data.customerContext, errors?.[0]?.extensions.code]).toEqual([null, 'FORBIDDEN']);
  });

  it.each(Object.entries(piiScopes))(
    'masks personal data of class %s, and nothing else, for a key without %s',
    async (piiClass, scope) => {
      const seenBy = async (secret: string) =>
        JSON.stringify(await api.sendAs(secret, ask(everything), { by: { email: 'canary-email@example.com' } }));
      const [narrow, full] = [await seenBy(await keyWithout(scope)), await seenBy(shop.secret)];

      for (const [each, planted] of Object.entries(canaries))
        for (const canary of planted)
          expect([canary, narrow.includes(canary)]).toEqual([canary, each !== piiClass && full.includes(canary)]);
    },
  );

  it('records one audit event for a request that reads personal data', async () => {
    await api.flush();
    await shop.db.$queryRaw`SELECT 1`;
    const before = await shop.db.auditEvent.count({ where: { action: 'READ' } });
    await context('{ history { interactions { body } } }', 'purpose: PERSONALISATION');
    await context('{ history { orders { number } } }');
    await api.flush();

    const reads = await shop.db.auditEvent.findMany({ where: { action: 'READ' }, orderBy: { occurredAt: 'desc' } });
    expect(reads.length - before).toBe(1);
    expect(reads[0]).toMatchObject({
      purpose: 'PERSONALISATION',
      piiClasses: ['FREE_TEXT'],
      operation: 'customerContext',
    });
  });

  it.each([
    ['ORDER_FULFILMENT', ['value', 'now.openCases', 'history.interactions', 'preferences.inForce', 'gestures']],
    ['MARKETING', ['now.openCases', 'history.interactions', 'history.surveyResponses']],
    ['ANALYTICS', ['identity', 'now.openCases', 'history.interactions', 'preferences.inForce', 'gestures']],
  ])('withholds what %s does not need', async (purpose, places) => {
    const seen = await context(guarded, `purpose: ${purpose}`);

    for (const place of places) {
      expect(at(seen, place)).toBeNull();
      expect(seen.withheld).toContainEqual(expect.objectContaining({ what: place, reason: 'PURPOSE' }));
    }
  });

  it.each([
    // No decision, then GRANTED, then REVOKED. Marketing requires granted consent; personalisation, no refusal.
    ['MARKETING', 'SMS', [false, true, false]],
    ['PERSONALISATION', 'SMS', [true, true, false]],
  ])('withholds what the customer does not allow for %s by %s', async (purpose, channel, expected) => {
    const by = { email: `${purpose}@example.com` };
    await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', { key: by });
    const decide = (status: string) =>
      shop.data(`mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { outcome } }`, {
        input: { customer: by, channel, purpose, status },
      });
    const isShown = async () => {
      const seen = await context(guarded, `purpose: ${purpose}, channel: ${channel}`, by);
      const told = seen.withheld.filter(({ reason }: { reason: string }) => reason === 'CONSENT');
      expect(told.some(({ what }: { what: string }) => what === 'history.orders')).toBe(seen.history.orders === null);
      expect(seen.value === null).toBe(seen.history.orders === null);
      return seen.history.orders !== null;
    };

    const shown = [await isShown(), await decide('GRANTED').then(isShown), await decide('REVOKED').then(isShown)];

    expect(shown).toEqual(expected);
  });

  it('neither counts withheld data nor reveals whether there is any', async () => {
    const lists = '{ history { orders(first: 2) { id } } unknown omitted { what shown } }';

    const [refused, seen] = [await context(lists, 'purpose: MARKETING', busy), await context(lists, undefined, busy)];

    expect(seen.omitted).toEqual([{ what: 'history.orders', shown: 2 }]);
    expect(refused).toMatchObject({ history: { orders: null }, omitted: [] });
    const known = (names: string[]) => names.filter((name) => /orders|inForce/.test(name));
    const nobody = { email: 'MARKETING@example.com' };
    expect(known(refused.unknown)).toEqual(known((await context(lists, 'purpose: MARKETING', nobody)).unknown));
  });

  it('hides conversations and complaints from marketing, gestures included', async () => {
    const by = { email: 'angry@example.com' };
    await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', { key: by });
    const promise = { text: 'Soon', dueAt: '2026-01-01T00:00:00Z' };
    await shop.data('mutation ($input: OpenCaseInput!) { openCase(input: $input) { outcome } }', {
      input: { customer: by, kind: 'COMPLAINT', subject: 'Late', promise },
    });
    await shop.data('mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { outcome } }', {
      input: { customer: by, channel: 'EMAIL', purpose: 'MARKETING', status: 'GRANTED' },
    });

    const gestures = '{ gestures { kind suppressedBy } }';

    expect(await context(gestures, undefined, by)).toEqual({ gestures: [{ kind: 'APOLOGY', suppressedBy: null }] });
    expect(await context(gestures, 'purpose: MARKETING', by)).toEqual({ gestures: [] });
  });

  it('fails if the key or request has another purpose, and for customer tokens', async () => {
    const { secret } = await createApiKey(shop.db, {
      name: 'delivery',
      scopes: ['customers:read'],
      purposes: ['ORDER_FULFILMENT'],
    });
    const create = 'mutation ($input: CreateCustomerTokenInput!) { createCustomerToken(input: $input) { token } }';
    const { token } = (await shop.data(create, { input: { customer: known } })).createCustomerToken;
    const query = ask('{ at }');

    const answers = [
      await api.sendAs(secret, query, { by: known }, { headers: { 'x-rapport-purpose': 'ORDER_FULFILMENT' } }),
      await shop.send(query, { by: known }, { headers: { 'x-rapport-purpose': 'MARKETING' } }),
      await api.sendAs(token, query, { by: known }),
    ];

    expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual([
      'FORBIDDEN',
      'INVALID_INPUT',
      'FORBIDDEN',
    ]);
  });
});

// Rows next to those of the context are null if their type requires the scope.
function without(value: unknown, scope: string): unknown {
  return JSON.parse(JSON.stringify(value), (_key, each) =>
    scopeOf(schema.getType(each?.__typename ?? '')) === scope ? null : each,
  );
}

function at(value: unknown, place: string): unknown {
  return place.split('.').reduce((within, name) => (within as Record<string, unknown>)?.[name], value);
}

function put(value: unknown, place: string, to: unknown): void {
  const names = place.split('.');
  const last = names.pop() ?? '';
  const within = names.reduce((each, name) => (each as Record<string, unknown>)[name], value);
  (within as Record<string, unknown>)[last] = to;
}
