import { link, readFile, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonl } from '../src/import/formats/jsonl.ts';
import { useApi } from './api.ts';
import { runImport, useImportFolder } from './run-import.ts';

const api = await useApi();
const { folder, rejectsPath, fileOf, run } = await useImportFolder();
let links = 0;

async function linkedBy(make: typeof link | typeof symlink, path: string): Promise<string> {
  const linked = join(folder, `linked-${++links}`);
  await make(path, linked);
  return linked;
}

const customer = (value: string, rest: object = {}) => ({ type: 'customer', key: { externalId: value }, ...rest });

describe('a corrected rejects file', () => {
  it('can be imported directly', async () => {
    const shop = await api.tenant('corrected');
    const order = {
      type: 'order',
      key: { externalId: 'o' },
      placedAt: '2026-01-05T10:00:00Z',
      currencyCode: 'PLN',
      lines: [{ title: 'T', quantity: '2', unitPrice: '1' }],
    };
    const file = await fileOf(`${JSON.stringify(order)}\n{"type":"customer","key":{"externalId":"c"}\n`);
    await run(shop.db, jsonl, [file]);
    const corrected = (await readFile(rejectsPath, 'utf8'))
      .replace('"quantity":"2"', '"quantity":2')
      .replace('\\"c\\"}', '\\"c\\"}}');

    const { rowsWritten, rowsRefused } = await run(shop.db, jsonl, [await fileOf(corrected)]);

    expect([rowsWritten, rowsRefused]).toEqual([2, 0]);
  });

  it('returns the row again if it is still invalid', async () => {
    const shop = await api.tenant('still-wrong');
    const row = customer('c', { tags: 'vip' });
    await run(shop.db, jsonl, [await fileOf([row])]);

    const { rejects } = await run(shop.db, jsonl, [await fileOf(await readFile(rejectsPath))]);

    expect(rejects).toMatchObject([{ line: 1, reason: 'Must be a list (got a string).', row }]);
  });

  let shops = 0;
  it.each<[string, (path: string) => Promise<string>]>([
    ['its own path', async (path) => path],
    ['a relative path', async (path) => relative(process.cwd(), path)],
    ['a path with dots', async (path) => join(folder, '..', relative(join(folder, '..'), path))],
    ['a symbolic link', (path) => linkedBy(symlink, path)],
    ['a symbolic link to its folder', async (path) => join(await linkedBy(symlink, folder), relative(folder, path))],
    ['a hard link', (path) => linkedBy(link, path)],
  ])('must not be overwritten while it is read through %s', async (_what, otherPath) => {
    const shop = await api.tenant(`over-itself-${++shops}`);
    await run(shop.db, jsonl, [await fileOf([{ type: 'customer' }])]);
    const before = await readFile(rejectsPath, 'utf8');
    const input = await fileOf(before);
    const other = await fileOf([customer('c')]);

    await expect(
      runImport(shop.db, jsonl, [other, input], { rejectsPath: await otherPath(input) }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: ['rejects'] } });

    expect(await readFile(input, 'utf8')).toBe(before);
    expect(await shop.db.customer.count()).toBe(0);
  });

  it('is rejected with a hint if it has no rows', async () => {
    const shop = await api.tenant('without-rows');
    await run(shop.db, jsonl, [await fileOf([{ type: 'customer' }])], { omitRows: true });

    const { rejects } = await run(shop.db, jsonl, [await fileOf(await readFile(rejectsPath))]);

    expect(rejects[0].reason).toContain('--no-rows');
  });
});
