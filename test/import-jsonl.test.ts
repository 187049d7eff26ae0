import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Db } from '../src/db/database.ts';
import { jsonl } from '../src/import/formats/jsonl.ts';
import type { ImportRun } from '../src/import/import.ts';
import { encodeId } from '../src/lib/ids.ts';
import { verifyStatistics } from '../src/orders/statistics/verify-statistics.ts';
import { useApi } from './api.ts';
import { runImport } from './run-import.ts';

const api = await useApi();
const folder = await mkdtemp(join(tmpdir(), 'rapport-jsonl-'));
afterAll(() => rm(folder, { recursive: true }));

const run = (db: Db, paths: string[], rest: Partial<ImportRun> = {}) => runImport(db, jsonl, paths, rest);

const shop = await api.tenant('jsonl');
const lines = [
  {
    type: 'customer',
    key: { externalId: 'c1' },
    displayName: 'Ada',
    contactPoints: [{ kind: 'EMAIL', value: 'ada@example.com' }],
  },
  { type: 'product', key: { externalId: 'p1' }, title: 'Lamp' },
  {
    type: 'order',
    key: { externalId: 'o1' },
    customer: { externalId: 'c1' },
    placedAt: '2026-01-01T00:00:00Z',
    currencyCode: 'PLN',
    paymentStatus: 'PAID',
    lines: [{ product: { externalId: 'p1' }, quantity: 1, unitPrice: '9.99' }],
  },
  {
    type: 'return',
    key: { externalId: 'r1' },
    order: { externalId: 'o1' },
    occurredAt: '2026-01-02T00:00:00Z',
    lines: [{ title: 'Lamp', quantity: 1 }],
  },
  {
    type: 'case',
    key: { externalId: 'k1' },
    customer: { email: 'ada@example.com' },
    subject: 'Broken',
    openedAt: '2026-01-03T00:00:00Z',
  },
  {
    type: 'interaction',
    key: { externalId: 'i1' },
    customer: { externalId: 'c1' },
    case: { externalId: 'k1' },
    channel: 'EMAIL',
    direction: 'INBOUND',
    occurredAt: '2026-01-03T00:00:00Z',
    body: 'It broke.',
    metadata: { externalId: 'as it is' },
  },
  {
    type: 'preference',
    customer: { externalId: 'c1' },
    key: 'size',
    value: { string: 'M' },
    origin: 'STATED',
    validFrom: '2026-01-01T00:00:00Z',
  },
  {
    type: 'consent',
    customer: { externalId: 'c1' },
    channel: 'EMAIL',
    purpose: 'MARKETING',
    status: 'GRANTED',
    capturedAt: '2026-01-01T00:00:00Z',
  },
  {
    type: 'surveyResponse',
    key: { externalId: 's1' },
    customer: { externalId: 'c1' },
    kind: 'CSAT',
    rating: 4,
    respondedAt: '2026-01-04T00:00:00Z',
  },
];
const good = lines.map((line) => JSON.stringify(line));

it('imports every type, and changes nothing the second time', async () => {
  const file = join(folder, 'good.jsonl');
  await writeFile(file, `${good.join('\n')}\n`);

  const first = await run(shop.db, [file]);
  const second = await run(shop.db, [file]);

  expect(first.rowsRefused).toBe(0);
  expect(Object.entries(first.records)).toHaveLength(9);
  expect(Object.values(second.records).map(({ NOOP }) => NOOP)).toEqual(Array.from({ length: 9 }, () => 1));
  expect((await shop.db.interaction.findFirstOrThrow()).metadata).toEqual({ externalId: 'as it is' });
});

it('imports several lines about one record in order, with any key', async () => {
  const { id } = await shop.db.order.findFirstOrThrow({ where: { externalId: 'o1' } });
  const file = join(folder, 'again.jsonl');
  const again = [
    { type: 'order', key: { externalId: 'o1' }, note: 'first' },
    { type: 'order', key: { id: encodeId('Order', id) }, number: 'A-1' },
    { type: 'order', key: { externalId: 'o1' }, note: 'last' },
    { type: 'product', key: { externalId: 'p9' }, title: 'Chair' },
    { type: 'product', key: { externalId: 'p9' }, category: 'Seats' },
    { type: 'customer', key: { email: 'eve@example.com' }, givenName: 'Eve' },
    { type: 'customer', key: { externalId: 'c9' }, contactPoints: [{ kind: 'EMAIL', value: 'eve@example.com' }] },
  ];
  await writeFile(file, again.map((line) => JSON.stringify(line)).join('\n'));

  const summary = await run(shop.db, [file], { rejectsPath: join(folder, 'again.rejects.jsonl') });

  expect(await shop.db.order.findFirstOrThrow({ where: { externalId: 'o1' } })).toMatchObject({
    number: 'A-1',
    note: 'last',
  });
  expect(await shop.db.product.findFirstOrThrow({ where: { externalId: 'p9' } })).toMatchObject({
    title: 'Chair',
    category: 'Seats',
  });
  expect(summary.records).toMatchObject({
    order: { UPDATED: 3 },
    product: { CREATED: 1, UPDATED: 1 },
    customer: { CREATED: 2 },
  });
  // An address is never taken from the customer who has it.
  expect(summary.warnings).toBe(1);
  expect(
    await shop.db.contactPoint.findMany({ where: { value: 'eve@example.com' }, select: { customer: true } }),
  ).toMatchObject([{ customer: { givenName: 'Eve' } }]);
});

it('records a finished import in the audit log, but not its rows', async () => {
  const desk = await api.tenant('noted');
  const file = join(folder, 'noted.jsonl');
  await writeFile(file, '{"type":"customer","key":{"externalId":"n1"}}\nbroken');

  await run(desk.db, [file], { source: 'crm', isDryRun: true });
  await run(desk.db, [file], { source: 'crm' });

  const { auditEvents } = await desk.data(
    '{ auditEvents { nodes { keyName operation action entity changes { field after } } } }',
  );
  expect(auditEvents.nodes).toEqual([
    {
      keyName: 'operator',
      operation: 'import',
      action: 'CREATED',
      entity: 'Import',
      changes: [
        { field: 'fingerprint', after: expect.stringMatching(/^[0-9a-f]{32}$/) },
        { field: 'rows', after: 2 },
        { field: 'rowsRefused', after: 1 },
        { field: 'source', after: 'crm' },
      ],
    },
  ]);
});

it('resolves lines that identify a customer only together', async () => {
  const file = join(folder, 'together.jsonl');
  const together = [
    {
      type: 'customer',
      key: { externalId: 'x' },
      contactPoints: [{ kind: 'EMAIL', value: 'bo@example.com' }],
      addresses: [
        { kind: 'SHIPPING', lines: ['1'] },
        { kind: 'SHIPPING', lines: ['2'], city: 'Paris', countryCode: 'FR' },
      ],
    },
    { type: 'customer', key: { email: 'bo@example.com' }, familyName: 'Fox', tags: ['t'] },
    { type: 'customer', key: { externalId: 'x' }, givenName: 'Bo', tags: ['t'] },
  ];
  await writeFile(file, together.map((line) => JSON.stringify(line)).join('\n'));

  const summary = await run(shop.db, [file]);

  const customer = await shop.db.customer.findFirstOrThrow({
    where: { contactPoints: { some: { value: 'bo@example.com' } } },
    include: { addresses: { orderBy: { lines: 'asc' } } },
  });
  expect(summary.records.customer).toMatchObject({ CREATED: 1, UPDATED: 2 });
  expect(customer).toMatchObject({ givenName: 'Bo', familyName: 'Fox' });
  // Columns that only some rows of a table set are preserved for those.
  expect(customer.addresses.map(({ city, countryCode }) => [city, countryCode])).toEqual([
    [null, null],
    ['Paris', 'FR'],
  ]);
});

it('creates each record once if two imports of the same lines run at the same time', async () => {
  const both = await api.tenant('both');
  const rows = Array.from({ length: 300 }, (_, i) => [
    JSON.stringify({ type: 'customer', key: { externalId: `${i}` } }),
    JSON.stringify({
      type: 'order',
      key: { externalId: `${i}` },
      customer: { externalId: `${i % 100}` },
      placedAt: '2026-01-01T00:00:00Z',
      currencyCode: 'PLN',
      total: '1.00',
    }),
  ]).flat();
  const files = ['one.jsonl', 'two.jsonl'].map((name) => join(folder, name));
  for (const file of files) await writeFile(file, rows.join('\n'));

  const summaries = await Promise.all(files.map((file) => run(both.db, [file])));

  const created = summaries.map(({ records }) => records.order?.CREATED ?? 0);
  expect(summaries.map(({ rowsRefused }) => rowsRefused)).toEqual([0, 0]);
  expect(created.reduce((sum, each) => sum + each)).toBe(300);
  expect(await both.db.order.count()).toBe(300);
  expect(await verifyStatistics(both.db)).toMatchObject({ differences: [] });
});

it('continues after broken lines and reports what is wrong with each', async () => {
  const file = join(folder, 'broken.jsonl');
  const rejectsPath = join(folder, 'broken.rejects.jsonl');
  await writeFile(
    file,
    [
      good[0],
      '{"type":"customer"',
      '{"type":"planet"}',
      '{"type":"customer","key":{"email":"nope"}}',
      '',
      '{"type":"order","key":{"externalId":"x"},"customer":{"externalId":"none"},"placedAt":"2026-01-01T00:00:00Z","currencyCode":"PLN","total":"1"}',
      good[1],
    ].join('\n'),
  );

  const summary = await run(shop.db, [file], { rejectsPath });

  const rejects = (await readFile(rejectsPath, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(summary).toMatchObject({ rows: 6, rowsWritten: 2, rowsRefused: 4 });
  expect(rejects.map(({ line, field }) => [line, field]).sort()).toEqual([
    [2, undefined],
    [3, undefined],
    [4, ['key', 'email']],
    [6, ['customer']],
  ]);
});

it('writes nothing in a dry run', async () => {
  const dry = await api.tenant('dry');
  const file = join(folder, 'good.jsonl');

  const summary = await run(dry.db, [file], { isDryRun: true });

  expect(summary).toMatchObject({ rows: 9, rowsWritten: 9 });
  expect(await dry.db.customer.count()).toBe(0);
});

it('resumes where it stopped, without duplicates and with every reject once', async () => {
  const many = await api.tenant('many');
  const file = join(folder, 'many.jsonl');
  const rejectsPath = join(folder, 'many.rejects.jsonl');
  const rows = Array.from({ length: 7_000 }, (_, i) =>
    i % 1_000 === 999 ? '{"type":"customer"}' : JSON.stringify({ type: 'customer', key: { externalId: `${i}` } }),
  );
  await writeFile(file, rows.join('\n'));
  const stop = new Error('killed');
  const dying = run(many.db, [file], {
    rejectsPath,
    onProgress: ({ rows }) => {
      if (rows >= 1_000) throw stop;
    },
  });
  await expect(dying).rejects.toBe(stop);
  const reached = await many.db.customer.count();

  const summary = await run(many.db, [file], { rejectsPath });

  expect(reached).toBeGreaterThan(900);
  expect(reached).toBeLessThan(6_993);
  expect(summary).toMatchObject({
    rows: 7_000,
    rowsWritten: 6_993,
    rowsRefused: 7,
    records: { customer: { CREATED: 6_993, NOOP: 0 } },
  });
  expect(await many.db.customer.count()).toBe(6_993);
  expect((await readFile(rejectsPath, 'utf8')).trim().split('\n')).toHaveLength(7);
});
