import fc from 'fast-check';
import { type GraphQLOutputType, getNamedType, isObjectType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { unlimited, useApi } from '../../test/api.ts';
import { canaries, marker, writeCanaries, writeOneOfEverything } from '../../test/dataset.ts';
import { wholeOf } from '../../test/foreign-values.ts';
import { createApiKey } from '../access/api-keys.ts';
import { allScopes } from '../access/scopes.ts';
import { piiScopes } from '../lib/pii.ts';
import { schema } from '../schema.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');
const known = { email: 'marker-of-a@example.com' };
const root = schema.getQueryType()?.getFields().customerContext;
if (!root) throw new Error('There is no customerContext.');

const everything = wholeOf(root.type);

const ask = (selection: string, args = 'purpose: SUPPORT') =>
  `query ($by: CustomerKey!) { customerContext(by: $by, ${args}) ${selection} }`;

async function context(selection: string, args?: string, by: object = known) {
  return (await shop.data(ask(selection, args), { by })).customerContext;
}

async function keyWithout(...scopes: string[]): Promise<string> {
  const left = allScopes.filter((scope) => !scopes.includes(scope));
  return (await createApiKey(shop.db, { name: 'narrow', scopes: left })).secret;
}

beforeAll(async () => {
  await writeOneOfEverything(shop);
  await writeCanaries(shop);
});

describe('customerContext', () => {
  it('is found by id, e-mail, phone read as the workspace does, and external id', async () => {
    const { customerId } = await context('{ customerId }');
    const keys = [
      { id: customerId },
      { phone: '512345678' },
      { externalId: { source: marker, value: `${marker}-customer` } },
    ];

    for (const by of keys) expect(await context('{ customerId }', undefined, by)).toEqual({ customerId });
    expect(await context('{ customerId }', undefined, { email: 'nobody@example.com' })).toBeNull();
  });

  it('says everything there is, typed', async () => {
    const whole = await context(everything);

    expect(whole).toMatchObject({
      __typename: 'CustomerContext',
      identity: { displayName: marker, salutation: null, fact: { kind: 'STORED', confidence: 1 } },
      value: {
        statistics: [{ numberOfOrders: 1, amountSpent: { amount: '1.00' } }],
        rfm: { group: 'NEW', frequency: 1 },
        rhythm: null,
      },
      now: { undeliveredOrders: [], returnsInProgress: [] },
      history: {
        orders: [{ number: marker, lines: [{ title: marker, returnedQuantity: 1 }] }],
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

  it('refuses what it cannot read, at its place, and answers the rest', async () => {
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

  it('follows aliases, fragments and directives', async () => {
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

  it('keeps what one field says apart from another', async () => {
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

  it('answers nulls as the rest of a query does', async () => {
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

  it('costs a point for each row it may give', async () => {
    const cost = async (selection: string) =>
      ((await shop.send(ask(selection), { by: known })) as { extensions?: { cost: { requested: number } } }).extensions
        ?.cost.requested;

    expect(await cost('{ history { orders(first: 100) { lines(first: 100) { id } } } }')).toBeGreaterThan(10_000);
    expect(await cost('{ history { orders(first: 10) { id } } }')).toBeLessThan(30);
  });

  if (!api.isEmbedded)
    it('is UNAVAILABLE while the database does not answer, and the rest is answered', async () => {
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

  it('takes any name for an answer', async () => {
    const long = 'a'.repeat(200);

    const seen = await shop.send(
      ask(`{ __proto__: __typename constructor: customerId ${long}: preferences { ${long}: __typename } }`),
      { by: known },
    );

    expect(JSON.stringify(seen)).toContain(`"__proto__":"CustomerContext","constructor":"customer_`);
    expect(JSON.stringify(seen)).toContain(`"${long}":{"${long}":"ContextPreferences"}`);
  });

  it('gives three of each list where BRIEF is asked for, and says which go on and where', async () => {
    const lists = '{ history { orders { id } interactions { id } } omitted { what shown seeMore } }';
    const by = { email: 'busy@example.com' };
    await shop.data('mutation ($key: CustomerKey!) { upsertCustomer(input: { key: $key }) { outcome } }', { key: by });
    for (let i = 0; i < 5; i++)
      await shop.data('mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { outcome } }', {
        input: {
          key: { externalId: { source: 'busy', value: `${i}` } },
          customer: by,
          placedAt: `2026-0${i + 1}-01T00:00:00Z`,
          currencyCode: 'PLN',
          lines: [{ title: 'Lamp', quantity: 1, unitPrice: '1' }],
        },
      });

    const [brief, full] = [
      await context(lists, 'purpose: SUPPORT, detail: BRIEF', by),
      await context(lists, undefined, by),
    ];

    expect([brief.history.orders.length, full.history.orders.length]).toEqual([3, 5]);
    expect(brief.omitted).toEqual([{ what: 'history.orders', shown: 3, seeMore: 'Customer.orders' }]);
    expect(full.omitted).toEqual([]);
  });

  it('says what we do not know, and not of what is withheld', async () => {
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

describe('withholds', () => {
  const guarded = `{ identity { displayName } value { rfm { group } } now { openCases { id } } history { orders { id } interactions { id } surveyResponses { id } ownedProducts { title } }
    preferences { inForce { key } doNotUse { key } consents { status } contact { reason } } gestures { kind } withheld { what reason needs } }`;

  it.each([
    [
      'orders:read',
      [
        'gestures',
        'history.orders',
        'history.ownedProducts',
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
  ])('just what needs %s from a key without it, and says so', async (scope, hidden) => {
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
    expect(timeless(narrow.data)).toEqual(timeless(full.data));
  });

  it('all of it from a key that may not read customers', async () => {
    const { data, errors } = await api.sendAs(await keyWithout('customers:read'), ask('{ at }'), { by: known });

    expect([data.customerContext, errors?.[0]?.extensions.code]).toEqual([null, 'FORBIDDEN']);
  });

  it.each(Object.entries(piiScopes))(
    'personal data of the class %s, and only that, from a key without %s',
    async (piiClass, scope) => {
      const seenBy = async (secret: string) =>
        JSON.stringify(await api.sendAs(secret, ask(everything), { by: { email: 'canary-email@example.com' } }));
      const [narrow, full] = [await seenBy(await keyWithout(scope)), await seenBy(shop.secret)];

      for (const [each, planted] of Object.entries(canaries))
        for (const canary of planted)
          expect([canary, narrow.includes(canary)]).toEqual([canary, each !== piiClass && full.includes(canary)]);
    },
  );

  it('names of a known class with a note of who was shown them, once for each request', async () => {
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
  ])('what %s does not need', async (purpose, places) => {
    const seen = await context(guarded, `purpose: ${purpose}`);

    for (const place of places) {
      expect(at(seen, place)).toBeNull();
      expect(seen.withheld).toContainEqual(expect.objectContaining({ what: place, reason: 'PURPOSE' }));
    }
  });

  it.each([
    // No decision, then yes, then no: marketing needs a yes, personalisation that there is no no.
    ['MARKETING', 'SMS', [false, true, false]],
    ['PERSONALISATION', 'SMS', [true, true, false]],
  ])('for %s by %s what they do not allow', async (purpose, channel, expected) => {
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

  it('what they do not allow, and neither counts it nor says whether there is any', async () => {
    const lists = '{ history { orders(first: 2) { id } } unknown omitted { what shown } }';
    const busy = { email: 'busy@example.com' };

    const [refused, seen] = [await context(lists, 'purpose: MARKETING', busy), await context(lists, undefined, busy)];

    expect(seen.omitted).toEqual([{ what: 'history.orders', shown: 2 }]);
    expect(refused).toMatchObject({ history: { orders: null }, omitted: [] });
    const known = (names: string[]) => names.filter((name) => /orders|inForce/.test(name));
    const nobody = { email: 'MARKETING@example.com' };
    expect(known(refused.unknown)).toEqual(known((await context(lists, 'purpose: MARKETING', nobody)).unknown));
  });

  it('from who sells what was said and complained of, gestures included', async () => {
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

  it('itself where key or request are for another purpose, and from customers’ tokens', async () => {
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

describe('whatever is selected', () => {
  it('is one statement, and what the whole says at that place', async () => {
    const all = await context(everything);
    const runs = api.isEmbedded ? 100 : 200;

    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), async (numbers) => {
        const random = (below: number) => (numbers.next().value ?? 0) % below;
        const { text, read } = randomSelection(root.type, random, 0);
        api.statements.length = 0;
        const answer = await shop.data(ask(text), { by: known });

        const own = api.statements.filter(
          ({ sql }) => !/set_config|rapport_api_key|DISCARD|SET ROLE|"RateLimit"|"AuditEvent"|^BEGIN|^COMMIT/.test(sql),
        );
        expect(own).toHaveLength(1);
        expect(timeless(answer.customerContext)).toEqual(timeless(read(all)));
      }),
      { numRuns: runs },
    );
  });
});

type Selected = { text: string; read: (whole: unknown) => unknown };

/** Some of a type's fields, some under other names, some in fragments; and how to read the same off the whole. */
function randomSelection(type: GraphQLOutputType, random: (below: number) => number, depth: number): Selected {
  const named = getNamedType(type);
  if (!isObjectType(named)) return { text: '', read: (whole) => whole };
  const fields = Object.values(named.getFields()).filter(() => random(3) > 0 || depth > 6);
  const parts = [...fields, ...fields.filter(() => random(8) === 0)].map((field, i) => {
    const key = random(3) === 0 ? `x${depth}_${i}` : field.name;
    const inner = randomSelection(field.type, random, depth + 1);
    const first =
      field.args.some(({ name }) => name === 'first') && key !== field.name && random(2) ? 1 + random(3) : null;
    const text = `${key}: ${field.name}${first ? `(first: ${first})` : ''} ${inner.text}`;
    const read = (whole: Record<string, unknown>) => {
      const value = inner.read(whole[field.name]);
      return first && Array.isArray(value) ? value.slice(0, first) : value;
    };
    return { key, text: random(4) === 0 ? `... on ${named.name} { ${text} }` : text, read };
  });
  // One key stands for one thing.
  const single = parts.filter(({ key }, i) => parts.findIndex((each) => each.key === key) === i && key !== 'omitted');
  const chosen = single.length > 0 ? single : [{ key: 't', text: 't: __typename', read: () => named.name }];
  const readOne = (whole: unknown): unknown => {
    if (Array.isArray(whole)) return whole.map(readOne);
    if (whole === null || typeof whole !== 'object') return whole;
    return Object.fromEntries(chosen.map(({ key, read }) => [key, read(whole as Record<string, unknown>)]));
  };
  return { text: `{ ${chosen.map(({ text }) => text).join(' ')} }`, read: readOne };
}

// But for what the clock makes different from one moment to the next.
function timeless(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, each) =>
    typeof each === 'string' && /^20\d\d-\d\d-\d\dT/.test(each) ? 'an instant' : each,
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
