import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { transact } from '../src/db/transact.ts';
import { afterBatch, firstPass } from '../src/import/progress.ts';
import { RejectsFile } from '../src/import/rejects.ts';
import { type Attempt, rejectsOf } from '../src/import/write-rows.ts';
import { DomainError } from '../src/lib/errors.ts';
import { encodeId } from '../src/lib/ids.ts';
import { useApi } from './api.ts';
import { writeLines } from './run-import.ts';

const api = await useApi();
const folder = await mkdtemp(join(tmpdir(), 'rapport-warnings-'));
afterAll(() => rm(folder, { recursive: true }));

it('reports what was left out of a row that was taken, and who owns it', async () => {
  const shop = await api.tenant('warned');
  await writeLines(shop.db, [{ type: 'customer', key: { externalId: 'owner' } }], 'crm');
  const owner = await shop.db.customer.findFirstOrThrow();
  const field = ['contactPoints', 0, 'value'];
  const warning = new DomainError('CONFLICT', 'Another customer has it.', {
    field,
    conflictingId: encodeId('Customer', owner.id),
  });
  const rows = [{ file: 'a.jsonl', line: 7, json: () => '{"type":"customer"}' }];
  const attempt: Attempt = {
    row: {
      number: 0,
      type: 'customer',
      typeName: 'customer',
      key: { externalId: 'c' },
      rows,
      reportAt: rows,
      item: null,
      weight: 1,
      hints: [],
      subject: null,
    },
    result: { id: owner.id, outcome: 'CREATED', warnings: [warning] },
  };
  const rejects = new RejectsFile(join(folder, 'rejects.jsonl'), true);
  await rejects.openAt(0);

  const { after, settled } = afterBatch(firstPass(), [attempt], 1, true);
  await rejects.writeAt(0, await transact(shop.db, (tx) => rejectsOf(tx, settled)));
  await rejects.close();

  expect(after.summary).toMatchObject({ rows: 1, rowsWritten: 1, rowsRefused: 0, warnings: 1 });
  expect(JSON.parse(await readFile(join(folder, 'rejects.jsonl'), 'utf8'))).toEqual({
    file: 'a.jsonl',
    line: 7,
    type: 'customer',
    key: { externalId: 'c' },
    warning: true,
    code: 'CONFLICT',
    reason: 'Another customer has it.',
    field,
    conflictingId: encodeId('Customer', owner.id),
    conflictingExternalId: { source: 'crm', value: 'owner' },
    problems: [{ reason: 'Another customer has it.', field, code: 'CONFLICT' }],
    row: { type: 'customer' },
  });
});
