import { beforeAll, describe, expect, it } from 'vitest';
import { piiScopes } from '../src/lib/pii.ts';
import { tables } from '../src/lib/tables.ts';
import { unlimited, useApi } from './api.ts';
import { canariesInBooks, canaryKey, canaries as erasable, writeCanaries } from './canaries.ts';
import { selectionOf } from './cross-tenant-values.ts';
import { marker, writeOneOfEverything } from './dataset.ts';
import { keyWithout } from './narrow-key.ts';
import { isAskedBare, rootFields } from './root-fields.ts';
import { everything } from './whole-context.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');

const canaries = { ...erasable, EMAIL: [...erasable.EMAIL, ...canariesInBooks] };

beforeAll(async () => {
  await writeOneOfEverything(shop);
  await writeCanaries(shop);
  // No field exposes these records.
  await shop.data(
    `mutation ($payment: RecordPaymentInput!, $fulfillment: RecordFulfillmentInput!) {
      recordPayment(input: $payment) { outcome } recordFulfillment(input: $fulfillment) { outcome } }`,
    {
      payment: { order: canaryKey('order'), ...canaryKey('payment'), kind: 'PAYMENT', method: 'cash', amount: '1' },
      fulfillment: { order: canaryKey('order'), ...canaryKey('fulfillment'), status: 'PENDING' },
    },
  );
});

describe('personal data', () => {
  const all = [
    ...rootFields.filter(isAskedBare).map(({ name, type }) => `{ ${name} ${selectionOf(type, 6)} }`),
    `{ customerContext(by: { email: "canary-email@example.com" }, purpose: SUPPORT) ${everything} }`,
  ];

  it('is in every column that can hold it', async () => {
    const missing: string[] = [];
    for (const { name: table, columns = {} } of tables)
      for (const [column, kind] of Object.entries(columns)) {
        if (!['IF_CONTACT', 'FREE_TEXT', 'ADDRESS'].includes(kind)) continue;
        const text = `SELECT 1 FROM "${table}" WHERE "workspaceId" = $1::uuid AND "${column}"::text LIKE ANY ($2) LIMIT 1`;
        const like = kind === 'IF_CONTACT' ? ['%canary%@%', '%+48%'] : ['%canary%'];
        const rows = await shop.db.query({ text, values: [shop.db.workspaceId, like] });
        if (rows.length === 0) missing.push(`${table}.${column}`);
      }

    expect(missing).toEqual([]);
  });

  async function seenBy(secret: string): Promise<string> {
    const answers = await Promise.all(all.map((query) => api.sendAs(secret, query)));
    return JSON.stringify(answers);
  }

  it('is shown completely to a key with every scope', async () => {
    const seen = await seenBy(shop.secret);

    expect(
      Object.values(canaries)
        .flat()
        .filter((canary) => !seen.includes(canary)),
    ).toEqual([]);
  });

  it.each(Object.entries(piiScopes))('of the class %s, and no other, is masked without %s', async (piiClass, scope) => {
    const seen = await seenBy(await keyWithout(shop, scope));

    const hidden = Object.entries(canaries).flatMap(([each, planted]) =>
      planted.some((canary) => !seen.includes(canary)) ? [each] : [],
    );
    expect(hidden).toEqual([piiClass]);
    expect(canaries[piiClass as keyof typeof canaries].filter((canary) => seen.includes(canary))).toEqual([]);
  });

  it('is not in the explanation of a fact', async () => {
    const secret = await keyWithout(shop, 'pii:email');
    const { customer } =
      await shop.data(`{ customer(by: { email: "canary-email@example.com" }) { orders { nodes { id } }
      cases { nodes { id } } interactions { nodes { id } } returns { nodes { id } } surveyResponses { nodes { id } } } }`);
    const lists = Object.values(customer) as { nodes: { id: string }[] }[];
    const explain = (key: string) =>
      Promise.all(
        lists.flatMap(({ nodes }) =>
          nodes.map(({ id }) =>
            api.sendAs(key, 'query ($id: ID!) { fact(id: $id) { value inputs { value } } }', { id }),
          ),
        ),
      );

    const [narrow, full] = [JSON.stringify(await explain(secret)), JSON.stringify(await explain(shop.secret))];

    for (const what of ['order', 'number', 'case', 'interaction', 'return', 'survey']) {
      expect(full).toContain(`canary-${what}@example.com`);
      expect(narrow).not.toContain(`canary-${what}@example.com`);
    }
  });

  it('is in no error message', async () => {
    const secret = await keyWithout(shop, ...Object.values(piiScopes));
    const { customer } = await shop.data('{ customer(by: { email: "canary-email@example.com" }) { id } }');
    const key = canaryKey;
    const by = { id: customer.id };
    const refused: [mutation: string, input: object, code: string][] = [
      ['upsertCustomer', { key: by, expectedVersion: 99 }, 'CONFLICT'],
      ['upsertCustomer', { key: by, note: 7 }, 'INVALID_INPUT'],
      ['upsertCustomer', { key: by, birthday: { month: 2, day: 30 } }, 'INVALID_INPUT'],
      ['upsertCustomer', { key: key('else'), contactPoints: [{ kind: 'PHONE', value: '0048512555499' }] }, 'CONFLICT'],
      [
        'upsertCustomer',
        { key: key('else'), contactPoints: [{ kind: 'EMAIL', value: 'Canary-Email@EXAMPLE.com' }] },
        'CONFLICT',
      ],
      [
        'upsertOrder',
        { key: key('order'), expectedVersion: 99, placedAt: new Date(), currencyCode: 'PLN', lines: [] },
        'CONFLICT',
      ],
      ['upsertOrder', { key: key('order'), placedAt: new Date(), currencyCode: 'nope', lines: [] }, 'INVALID_INPUT'],
      ['recordReturn', { key: key('return'), occurredAt: new Date(), expectedVersion: 99 }, 'CONFLICT'],
      [
        'upsertInteraction',
        {
          key: key('interaction'),
          channel: 'EMAIL',
          direction: 'INBOUND',
          occurredAt: new Date(),
          expectedVersion: 99,
        },
        'CONFLICT',
      ],
      ['setPreference', { customer: by, key: 'canary', value: { number: 'x' }, origin: 'STATED' }, 'INVALID_INPUT'],
      ['recordConsent', { customer: by, channel: 'EMAIL', purpose: 'MARKETING', status: 'nope' }, 'INVALID_INPUT'],
      ['recordSurveyResponse', { customer: by, kind: 'CSAT', rating: 9 }, 'INVALID_INPUT'],
    ];

    for (const [mutation, input, code] of refused) {
      const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
      const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { outcome } }`;
      const answer = await api.sendAs(secret, query, { input });
      const seen = JSON.stringify(answer);

      expect([mutation, answer.errors?.[0]?.extensions.code]).toEqual([mutation, code]);
      expect(
        Object.values(canaries)
          .flat()
          .filter((canary) => seen.includes(canary)),
      ).toEqual([]);
    }
    expect(api.faults).toEqual([]);
  });

  it('keeps its shape when masked, so that clients see that it exists', async () => {
    const secret = await keyWithout(shop, ...Object.values(piiScopes));

    const { data } = await api.sendAs(
      secret,
      `{ customer(by: { email: "canary-email@example.com" }) {
        displayName note birthday { month day year }
        contactPoints { nodes { kind value } } addresses { nodes { lines city postalCode countryCode } }
        orders { nodes { shippingAddress note } } } }`,
    );

    expect(data.customer).toEqual({
      displayName: 'c***y@example.com',
      note: '***',
      birthday: { month: null, day: null, year: null },
      contactPoints: {
        nodes: [
          { kind: 'EMAIL', value: 'c***l@example.com' },
          { kind: 'PHONE', value: '***99' },
          { kind: 'SOCIAL', value: 'c***l' },
        ],
      },
      addresses: { nodes: [{ lines: ['***', '***'], city: '***', postalCode: '***', countryCode: 'PL' }] },
      orders: {
        nodes: [{ shippingAddress: { lines: ['***'], city: '***', countryCode: 'PL' }, note: '***' }],
      },
    });
  });

  it.each([
    ['interactions', 'body: { contains: "x" }', ['where', 'body']],
    ['interactions', 'OR: [{ subject: { eq: "x" } }]', ['where', 'OR', 0, 'subject']],
    ['cases', 'NOT: { subject: { contains: "x" } }', ['where', 'NOT', 'subject']],
  ])('cannot be guessed by filters: %s where %s', async (list, where, field) => {
    const secret = await keyWithout(shop, 'pii:free_text');

    const { errors } = await api.sendAs(secret, `{ ${list}(where: { ${where} }) { totalCount } }`);

    expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', field, missingScopes: ['pii:free_text'] });
  });

  it.each([
    ['pii:email', 'canary-number@example.com'],
    ['pii:phone', '+48 512 555 497'],
  ])('cannot be guessed by filters on a text that may be a contact point: without %s', async (scope, number) => {
    const input = { key: { externalId: { source: 'canary', value: 'plain' } }, number, placedAt: new Date() };
    await shop.data('mutation ($input: UpsertOrderInput!) { upsertOrder(input: $input) { outcome } }', {
      input: { ...input, currencyCode: 'PLN', total: '1' },
    });
    const secret = await keyWithout(shop, scope);
    const orders = (where: object, key = secret) =>
      api.sendAs(key, 'query ($where: OrderWhere) { orders(where: $where) { totalCount } }', { where });
    const count = async (where: object, key?: string) => (await orders(where, key)).data.orders.totalCount;
    const { errors } = await orders({ number: { contains: number.slice(2, 8) } });

    const eq = { number: { eq: number } };
    expect([await count(eq), await count({ number: { in: [number] } })]).toEqual([0, 0]);
    expect(await count({ number: { in: [number, marker] } })).toBe(1);
    expect(await count(eq, shop.secret)).toBeGreaterThan(0);
    const field = ['where', 'number', 'contains'];
    expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', field, missingScopes: [scope] });
  });

  it.each([['pii:email'], ['pii:phone']])(
    'cannot be guessed by a search: without %s, it finds names only',
    async (scope) => {
      const secret = await keyWithout(shop, scope);
      const search = 'query ($search: String) { customers(where: { search: $search }) { totalCount } }';
      const count = async (text: string) =>
        (await api.sendAs(secret, search, { search: text })).data.customers.totalCount;
      await shop.data(
        'mutation { upsertCustomer(input: { key: { email: "zz9@hidden.example" }, givenName: "Zed" }) { outcome } }',
      );

      expect([await count('zz9'), await count('hidden.example'), await count('555 44'), await count('zed')]).toEqual([
        0, 0, 0, 1,
      ]);
      expect((await shop.data(search, { search: 'zz9@hidden' })).customers.totalCount).toBe(1);
    },
  );

  it('is not in a cursor, and not found by the order or filter that uses it', async () => {
    await shop.data(
      `mutation { upsertCustomer(input: { key: { externalId: { source: "mail", value: "ext.secret@private.pl" } },
         displayName: "anna.secret@private.pl", contactPoints: [{ kind: SOCIAL, value: "@secrethandle" }] }) { outcome } }`,
    );
    const secret = await keyWithout(shop, 'pii:email', 'pii:phone');
    const { data } = await api.sendAs(
      secret,
      `{ customers(orderBy: { field: DISPLAY_NAME }) { pageInfo { endCursor } edges { cursor node { displayName
           externalIds { edges { cursor node { value } } } contactPoints { nodes { value normalizedValue } } } } }
         byName: customers(where: { displayName: { contains: "anna.secret" } }) { totalCount }
         bySearch: customers(where: { search: "anna.secret" }) { totalCount } }`,
    );

    const text = JSON.stringify(data);
    const cursors = [...text.matchAll(/"(?:c|endC)ursor":"([^"]+)"/g)].map(([, cursor = '']) => cursor);
    const opened = cursors.map((cursor) => Buffer.from(cursor, 'base64url').toString('latin1')).join();
    expect(cursors.length).toBeGreaterThan(3);
    expect(text + opened).not.toMatch(/anna\.secret|ext\.secret|secrethandle/);
    expect([data.byName.totalCount, data.bySearch.totalCount]).toEqual([0, 0]);
    expect(
      (await shop.data('{ customers(where: { search: "anna.secret" }) { totalCount } }')).customers.totalCount,
    ).toBe(1);
  });
});
