import { beforeAll, describe, expect, it } from 'vitest';
import { authenticate } from '../src/access/api-keys.ts';
import { encodeCursor } from '../src/graphql/lists/cursor.ts';
import { unlimited, useApi } from './api.ts';
import type { Statement } from './database.ts';
import { rowsReadBy, statementsOf } from './rows-read.ts';
import { everything, withoutNeighbors } from './whole-context.ts';

const api = await useApi({ limits: unlimited });
const shop = await api.tenant('shop');

// Returns the SQL that the application sent for one request.
async function statementsOfQuery(query: string, variables: object = {}): Promise<Statement[]> {
  return (await statementsOf(api, () => shop.data(query, variables))).sent;
}

// On PostgreSQL, large enough to reveal a plan that reads a table in proportion to its size; small if only statements
// are counted.
const customers = api.isEmbedded ? 2_000 : 100_000;

beforeAll(async () => {
  await seed(customers);
}, 240_000);

const page =
  '{ nodes { displayName statistics { amountSpent { amount } } orders(first: 3) { nodes { number lines { nodes { title } } } } } pageInfo { endCursor } }';

describe('statements', () => {
  it('reads the full customer in one statement', async () => {
    expect(
      await statementsOfQuery(
        `{ customerContext(by: { email: "customer-7@example.com" }, purpose: SUPPORT) ${everything} }`,
      ),
    ).toHaveLength(1);
  });

  it('reads a page of 50 customers with statistics and their last 3 orders in one statement', async () => {
    expect(await statementsOfQuery(`{ customers(first: 50) ${page} }`)).toHaveLength(1);
  });

  it('counts the total in the same statement', async () => {
    expect(await statementsOfQuery(`{ customers(first: 50) { totalCount ${page.slice(1)} }`)).toHaveLength(1);
  });

  it('reads a page of purchase history with lines and products in one statement', async () => {
    const query = `query ($by: CustomerKey!) { customer(by: $by) { orders(first: 20) { nodes { number total { amount } lines(first: 20) { nodes { title product { title } } } } } } }`;

    expect(await statementsOfQuery(query, { by: { externalId: { source: 'seed', value: '7' } } })).toHaveLength(1);
  });

  it('reads the page after a cursor in one statement', async () => {
    const { customers } = await shop.data('{ customers(first: 50) { pageInfo { endCursor } } }');

    expect(
      await statementsOfQuery(`query ($after: String) { customers(first: 50, after: $after) ${page} }`, {
        after: customers.pageInfo.endCursor,
      }),
    ).toHaveLength(1);
  });
});

// Only on PostgreSQL, with enough rows for a wrong plan to show.
if (!api.isEmbedded)
  describe('rows read at 100,000 customers', () => {
    it.each([
      ['the first page of customers', `{ customers(first: 50) ${page} }`, {}],
      [
        'the first page by name',
        `{ customers(first: 50, orderBy: { field: DISPLAY_NAME, direction: ASC }) ${page} }`,
        {},
      ],
      ['the first page of orders', '{ orders(first: 50) { nodes { number } } }', {}],
      ['the first page of interactions', '{ interactions(first: 50) { nodes { subject } } }', {}],
      ['a total', '{ customers(first: 0) { totalCount(limit: 1000) } }', {}],
      ['a lookup by email', '{ customer(by: { email: "customer-77777@example.com" }) { displayName } }', {}],
      [
        'a lookup by external ID',
        '{ customer(by: { externalId: { source: "seed", value: "77777" } }) { displayName } }',
        {},
      ],
      ['an order by external ID', '{ order(by: { externalId: { source: "seed", value: "77777" } }) { number } }', {}],
      ['orders by number', '{ orders(where: { number: { eq: "77777" } }) { nodes { number } } }', {}],
      [
        'orders by number and a condition that all fulfill',
        '{ orders(where: { AND: [{}, { number: { in: ["77777"] } }], source: { isNull: false } }) { nodes { number } } }',
        {},
      ],
      [
        'customers outside a country',
        '{ customers(first: 50, where: { NOT: { country: { eq: "PL" } } }) { nodes { displayName } } }',
        {},
      ],
      [
        'orders changed after the last change',
        '{ orders(where: { updatedAt: { gt: "2030-01-01T00:00:00Z" } }) { nodes { number } } }',
        {},
      ],
      [
        'customers with more orders than anyone has',
        '{ customers(where: { statistics: { currencyCode: "PLN", numberOfOrders: { gt: 100 } } }) { totalCount nodes { id } } }',
        {},
      ],
      ['a rare word in a search', '{ customers(where: { search: "customer 77777" }) { nodes { displayName } } }', {}],
      [
        'a common word in a search',
        '{ customers(first: 50, where: { search: "customer" }) { nodes { displayName } } }',
        {},
      ],
      ...['SUPPORT', 'MARKETING'].map((purpose): [string, string, object] => [
        `the whole customer, for ${purpose}`,
        `{ customerContext(by: { email: "customer-777@example.com" }, purpose: ${purpose}) ${withoutNeighbors} }`,
        {},
      ]),
      ['a timeline', '{ customer(by: { email: "customer-777@example.com" }) { timeline { nodes { kind } } } }', {}],
    ])('for %s are few', async (_what, query, variables) => {
      expect(await rowsRead(query, variables)).toBeLessThan(3_000);
    });

    it('for a deep page are as few as for the first page', async () => {
      const { rows } = await onOwnConnection(
        `SELECT "createdAt", "id" FROM "Customer" WHERE "workspaceId" = $1 ORDER BY "createdAt" DESC, "id" DESC OFFSET 60000 LIMIT 1`,
        [shop.db.workspaceId],
      );
      const encryptionKey = (await authenticate(api.database, shop.secret))?.cursorKey ?? Buffer.alloc(0);
      const list = `${shop.db.workspaceId} Customer createdAt id desc`;
      const after = encodeCursor({ list, encryptionKey }, [rows[0].createdAt, rows[0].id]);

      expect(
        await rowsRead(`query ($after: String) { customers(first: 50, after: $after) ${page} }`, { after }),
      ).toBeLessThan(3_000);
    });
  });

async function rowsRead(query: string, variables: object): Promise<number> {
  return rowsReadBy(await statementsOfQuery(query, variables), api.database, shop.db.workspaceId);
}

async function onOwnConnection(sql: string, values: unknown[]) {
  return api.database.asOwner((pool) => pool.query(sql, values));
}

async function seed(count: number): Promise<void> {
  const { workspaceId } = shop.db;
  await api.database.asOwner(async (pool) => {
    await pool.query("SELECT set_config('app.workspace_id', $1, false)", [workspaceId]);
    const uuid = (n: string, kind: number) => `('00000000-0000-7000-8${kind}00-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
    const insert = (table: string, columns: string, values: string, perCustomer = 1) =>
      pool.query(
        `INSERT INTO "${table}" (${columns}) SELECT ${values} FROM generate_series(1, ${count * perCustomer}) AS n`,
      );
    const at = "timestamptz '2026-01-01' + n * interval '1 second'";
    const ws = `'${workspaceId}'::uuid`;
    await insert(
      'Customer',
      '"workspaceId", "id", "displayName", "searchText", "createdAt", "updatedAt"',
      `${ws}, ${uuid('n', 0)}, 'Customer ' || n, 'customer ' || n, ${at}, ${at}`,
    );
    await insert(
      'ContactPoint',
      '"workspaceId", "id", "customerId", "kind", "value", "normalizedValue", "isPrimary", "createdAt"',
      `${ws}, ${uuid('n', 0)}, ${uuid('n', 0)}, 'EMAIL', 'customer-' || n || '@example.com', 'customer-' || n || '@example.com', true, ${at}`,
    );
    await insert(
      'CustomerExternalId',
      '"workspaceId", "source", "value", "customerId", "createdAt"',
      `${ws}, 'seed', n::text, ${uuid('n', 0)}, ${at}`,
    );
    await insert(
      'CustomerStatistics',
      '"workspaceId", "customerId", "currencyCode", "numberOfOrders", "amountOrdered", "amountSpent", "amountReturned"',
      `${ws}, ${uuid('n', 0)}, 'PLN', 2, 20, 20, 0`,
    );
    await insert(
      'Product',
      '"workspaceId", "id", "title", "isActive", "createdAt", "updatedAt"',
      `${ws}, ${uuid('n', 0)}, 'Product ' || n, true, ${at}, ${at}`,
    );
    await insert(
      'Order',
      '"workspaceId", "id", "number", "source", "externalId", "customerId", "channel", "placedAt", "currencyCode", "subtotal", "discount", "shipping", "tax", "total", "status", "statedStatus", "paymentStatus", "statedPaymentStatus", "createdAt", "updatedAt"',
      `${ws}, ${uuid('n', 0)}, n::text, 'seed', n::text, ${uuid(`1 + (n % ${count})`, 0)}, 'WEB', ${at}, 'PLN', 10, 0, 0, 0, 10, 'FULFILLED', 'FULFILLED', 'PAID', 'PAID', ${at}, ${at}`,
      2,
    );
    await insert(
      'OrderLine',
      '"workspaceId", "id", "orderId", "position", "productId", "title", "quantity", "unitPrice", "total"',
      `${ws}, ${uuid('n', 0)}, ${uuid('n', 0)}, 0, ${uuid(`1 + (n % ${count})`, 0)}, 'Line', 1, 10, 10`,
      2,
    );
    await insert(
      'Interaction',
      '"workspaceId", "id", "customerId", "channel", "direction", "kind", "occurredAt", "actorKind", "subject", "createdAt", "updatedAt"',
      `${ws}, ${uuid('n', 0)}, ${uuid('n', 0)}, 'EMAIL', 'INBOUND', 'MESSAGE', ${at}, 'CUSTOMER', 'Hello', ${at}, ${at}`,
    );
    await pool.query('ANALYZE');
  });
}
