import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { upsertCustomer } from '../src/customers/customers.ts';
import type { Db } from '../src/db/database.ts';
import { jsonl } from '../src/import/formats/jsonl.ts';
import { encodeId } from '../src/lib/ids.ts';
import { useApi } from './api.ts';
import { runImport } from './run-import.ts';

const api = await useApi();
const folder = await mkdtemp(join(tmpdir(), 'rapport-warnings-'));
afterAll(() => rm(folder, { recursive: true }));

async function run(db: Db, rows: object[]) {
  const [file, rejectsPath] = [join(folder, 'rows.jsonl'), join(folder, 'rejects.jsonl')];
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  const summary = await runImport(db, jsonl, [file], { rejectsPath });
  const text = await readFile(rejectsPath, 'utf8');
  return { ...summary, rejects: text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])) };
}

const email = { customer: { email: 'sib@example.com' } };
const sibling = {
  type: 'customer',
  key: { externalId: '2' },
  displayName: 'Sib',
  contactPoints: [
    { kind: 'EMAIL', value: 'sib@example.com' },
    { kind: 'PHONE', value: '+1 541 754 3011' },
    { kind: 'PHONE', value: 'ask at the desk' },
  ],
};
const rows = [
  sibling,
  {
    type: 'order',
    key: { externalId: 'o2' },
    ...email,
    placedAt: '2026-01-01T00:00:00Z',
    currencyCode: 'USD',
    total: '10',
  },
  {
    type: 'consent',
    ...email,
    channel: 'EMAIL',
    purpose: 'MARKETING',
    status: 'DENIED',
    capturedAt: '2026-01-01T00:00:00Z',
  },
];

it('imports a customer with all their records, without contact points that are invalid or taken', async () => {
  const { db } = await api.tenant('shared-phone');
  const phone = { kind: 'PHONE', value: '+15417543011' };
  const owner = await upsertCustomer(db, {
    key: { externalId: { source: 'crm', value: 'nan' } },
    contactPoints: [phone],
  });

  const first = await run(db, rows);
  const second = await run(db, rows);

  expect(first).toMatchObject({ rows: 3, rowsWritten: 3, rowsRefused: 0, warnings: 2 });
  expect(first.rejects).toMatchObject([
    {
      file: join(folder, 'rows.jsonl'),
      line: 1,
      type: 'customer',
      key: { externalId: '2' },
      warning: true,
      code: 'CONFLICT',
      field: ['contactPoints', 1, 'value'],
      conflictingId: encodeId('Customer', owner.id),
      conflictingExternalId: { source: 'crm', value: 'nan' },
      row: sibling,
    },
    { line: 1, warning: true, code: 'INVALID_INPUT', field: ['contactPoints', 2, 'value'] },
  ]);
  expect(second.records).toEqual({
    customer: { CREATED: 0, UPDATED: 0, NOOP: 1, REFUSED: 0 },
    order: { CREATED: 0, UPDATED: 0, NOOP: 1, REFUSED: 0 },
    consent: { CREATED: 0, UPDATED: 0, NOOP: 1, REFUSED: 0 },
  });
  const points = await db.contactPoint.findMany({ orderBy: { normalizedValue: 'asc' } });
  expect(points.map(({ normalizedValue }) => normalizedValue)).toEqual(['+15417543011', 'sib@example.com']);
});

it('rejects a customer with an invalid key, and rows that refer to them', async () => {
  const { db } = await api.tenant('unreadable-key');
  const unreadable = { ...sibling, key: { email: 'sib at example.com' } };

  const { rowsRefused, rejects } = await run(db, [unreadable, ...rows.slice(1)]);

  expect(rowsRefused).toBe(3);
  expect(rejects.find(({ type }) => type === 'customer')).toMatchObject({
    code: 'INVALID_INPUT',
    field: ['key', 'email'],
  });
});
