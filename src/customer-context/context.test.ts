import { describe, expect, it } from 'vitest';
import { marker } from '../../test/dataset.ts';
import { busy, known, useKnownCustomer } from '../../test/known-customer.ts';
import { everything } from '../../test/whole-context.ts';

const { api, shop, ask, context, keyWithout } = await useKnownCustomer();

describe('customerContext', () => {
  it('finds a customer by ID, email, national phone number and external ID', async () => {
    const { customerId } = await context('{ customerId }');
    const keys = [
      { id: customerId },
      { phone: '512345678' },
      { externalId: { source: marker, value: `${marker}-customer` } },
    ];

    for (const by of keys) expect(await context('{ customerId }', undefined, by)).toEqual({ customerId });
    expect(await context('{ customerId }', undefined, { email: 'nobody@example.com' })).toBeNull();
  });

  it('returns every field with its type name', async () => {
    const whole = await context(everything);

    expect(whole).toMatchObject({
      __typename: 'CustomerContext',
      identity: { displayName: marker, salutation: marker, fact: { kind: 'STORED', confidence: 1 } },
      value: {
        statistics: [{ numberOfOrders: 1, amountSpent: { amount: '1.00' } }],
        rfm: { group: 'NEW', frequency: 1 },
        rhythm: null,
      },
      now: { undeliveredOrders: [], returnsInProgress: [] },
      history: {
        orders: [{ number: marker, lines: { nodes: [{ title: marker, returnedQuantity: 1 }] } }],
        surveyResponses: [{ rating: 5 }],
      },
      preferences: {
        inForce: [{ value: marker }],
        consents: [{ purpose: 'MARKETING' }],
        contact: { reason: 'ALLOWED' },
      },
      withheld: [],
      omitted: [],
    });
  });

  it('reports an invalid argument at its path and answers the other fields', async () => {
    const answer = await shop.send(
      `{ viewer { keyName } bad: customerContext(by: { email: "no" }, purpose: SUPPORT) { at }
         good: customerContext(by: { email: "marker-of-a@example.com" }, purpose: SUPPORT) { identity { displayName } } }`,
    );

    expect(answer.data).toEqual({
      viewer: { keyName: 'test' },
      bad: null,
      good: { identity: { displayName: marker } },
    });
    expect(answer.errors).toMatchObject([
      { path: ['bad'], extensions: { code: 'INVALID_INPUT', field: ['by', 'email'] } },
    ]);
    expect(await shop.error(ask('{ history { orders(first: 101) { id } } }'), { by: known })).toMatchObject({
      extensions: { code: 'INVALID_INPUT', field: ['first'] },
    });
  });

  it('supports aliases, fragments and directives', async () => {
    const query = `query ($by: CustomerKey!, $yes: Boolean!, $n: Int!) {
      a: customerContext(by: $by, purpose: SUPPORT) { ...A at @skip(if: $yes) }
      b: customerContext(by: $by, purpose: SUPPORT) { history { few: orders(first: $n) { n: number } ... @include(if: $yes) { orders { number } } } }
      c: customerContext(by: $by, purpose: SUPPORT) @include(if: $no) { at } }
      fragment A on CustomerContext { identity { displayName } identity { again: displayName __typename } }`;
    const declared = query.replace('$yes: Boolean!', '$yes: Boolean!, $no: Boolean = false');

    expect(await shop.data(declared, { by: known, yes: true, n: 1 })).toEqual({
      a: { identity: { displayName: marker, again: marker, __typename: 'ContextIdentity' } },
      b: { history: { few: [{ n: marker }], orders: [{ number: marker }] } },
    });
    expect(Object.keys((await shop.data(declared, { by: known, yes: false, n: 1 })).a)).toEqual(['identity', 'at']);
  });

  it('keeps two contexts in one request separate', async () => {
    const { a, b } = await shop.data(
      `{ a: customerContext(by: { email: "marker-of-a@example.com" }, purpose: SUPPORT) { history { interactions(first: 0) { body } } gestures { kind } omitted { what shown } }
         b: customerContext(by: { email: "canary-email@example.com" }, purpose: SUPPORT) { omitted { what } } }`,
    );

    expect(a).toEqual({
      history: { interactions: [] },
      gestures: [],
      omitted: [{ what: 'history.interactions', shown: 0 }],
    });
    expect(b).toEqual({ omitted: [] });
  });

  it('propagates nulls like other fields of a query', async () => {
    const whole = await shop.send(
      `{ customerContext(by: { email: "marker-of-a@example.com" }, purpose: SUPPORT) { at } customers(first: 101) { nodes { id } } }`,
    );
    const purpose = await shop.send(
      'query ($p: Purpose = SUPPORT) { viewer { keyName } customerContext(by: { email: "a@example.com" }, purpose: $p) { at } }',
      { p: null },
    );
    const directive = await shop.send(
      'query ($p: Boolean = true) { customerContext(by: { email: "a@example.com" }, purpose: SUPPORT) @include(if: $p) { at } }',
      { p: null },
    );

    expect([whole.data, whole.errors?.[0]?.path]).toEqual([null, ['customers']]);
    expect(purpose.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
    expect([directive.data, directive.errors?.[0]?.extensions.code]).toEqual([null, 'INVALID_INPUT']);
  });

  it('costs one point for each row it may return', async () => {
    const cost = async (selection: string) =>
      ((await shop.send(ask(selection), { by: known })) as { extensions?: { cost: { requested: number } } }).extensions
        ?.cost.requested;

    expect(await cost('{ history { orders(first: 100) { lines(first: 100) { nodes { id } } } } }')).toBeGreaterThan(
      10_000,
    );
    expect(await cost('{ history { orders(first: 10) { id } } }')).toBeLessThan(30);
  });

  if (!api.isEmbedded)
    it('fails with UNAVAILABLE while the database does not answer, and answers the other fields', async () => {
      const { rows } = await api.database.asOwner(async (owner) => {
        const holder = await owner.connect();
        await holder.query('BEGIN; LOCK TABLE "Customer" IN ACCESS EXCLUSIVE MODE');
        const asked = shop.send(
          '{ customerContext(by: { email: "marker-of-a@example.com" }, purpose: SUPPORT) { at } viewer { keyName } }',
        );
        const answer = await asked;
        await holder.query('ROLLBACK');
        holder.release();
        return { rows: [answer] };
      });

      expect(rows[0]).toMatchObject({
        data: { customerContext: null, viewer: { keyName: 'test' } },
        errors: [{ path: ['customerContext'], extensions: { code: 'UNAVAILABLE' } }],
      });
      expect(api.faults.splice(0)).toMatchObject([{ sqlState: '55P03', requestId: expect.any(String) }]);
    });

  it('accepts any name as an alias', async () => {
    const long = 'a'.repeat(200);

    const seen = await shop.send(
      ask(`{ __proto__: __typename constructor: customerId ${long}: preferences { ${long}: __typename } }`),
      { by: known },
    );

    expect(JSON.stringify(seen)).toContain(`"__proto__":"CustomerContext","constructor":"customer_`);
    expect(JSON.stringify(seen)).toContain(`"${long}":{"${long}":"ContextPreferences"}`);
  });

  it('returns three items per list with BRIEF, and says which lists have more and where to read them', async () => {
    const lists = '{ history { orders { id } interactions { id } } omitted { what shown seeMore } }';
    const [brief, full] = [
      await context(lists, 'purpose: SUPPORT, detail: BRIEF', busy),
      await context(lists, undefined, busy),
    ];

    expect([brief.history.orders.length, full.history.orders.length]).toEqual([3, 5]);
    expect(
      await context(
        '{ history { orders(first: 1) { lines(first: 2) { totalCount nodes { title } } } } }',
        undefined,
        busy,
      ),
    ).toEqual({
      history: { orders: [{ lines: { totalCount: 3, nodes: [{ title: 'Lamp' }, { title: 'Bulb' }] } }] },
    });
    expect(brief.omitted).toEqual([{ what: 'history.orders', shown: 3, seeMore: 'Customer.orders' }]);
    expect(full.omitted).toEqual([]);
  });

  it('shows a salutation stored in the language of the customer, and otherwise that none is known', async () => {
    const by = { email: 'greeted@example.com' };
    const write = (input: object) =>
      shop.data('mutation ($i: UpsertCustomerInput!) { upsertCustomer(input: $i) { outcome } }', {
        i: { key: by, ...input },
      });
    const greeting = () => context('{ identity { salutation } unknown }', undefined, by);

    await write({ salutations: [{ locale: 'pl', text: 'Pani Anno' }], locale: 'uk' });
    const inUkrainian = await greeting();
    await write({ locale: 'pl-PL' });
    const inPolish = await greeting();

    expect([inUkrainian.identity.salutation, inPolish.identity.salutation]).toEqual(['Добрий день', 'Pani Anno']);
    expect(inUkrainian.unknown).toContain('identity.salutation');
    expect(inPolish.unknown).not.toContain('identity.salutation');
  });

  it('lists unknown data, but leaves out withheld data', async () => {
    const secret = await keyWithout('feedback:read', 'pii:birthday');
    const query = `{ customerContext(by: { email: "busy@example.com" }, purpose: SUPPORT) { unknown } }`;

    const all = (await shop.data(query)).customerContext.unknown;
    const narrow = (await api.sendAs(secret, query)).data.customerContext.unknown;

    expect(all).toEqual(
      expect.arrayContaining(['identity.locale', 'identity.timezone', 'birthday', 'history.surveyResponses']),
    );
    expect(all).not.toContain('history.orders');
    expect(narrow).toEqual(all.filter((name: string) => name !== 'birthday' && name !== 'history.surveyResponses'));
  });
});
