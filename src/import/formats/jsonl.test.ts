import { expect, it } from 'vitest';
import type { ImportItem } from '../format.ts';
import { jsonl } from './jsonl.ts';

async function read(...lines: string[]): Promise<ImportItem[]> {
  const open = async function* () {
    yield Buffer.from(lines.join('\n'));
  };
  const items: ImportItem[] = [];
  const options = { source: 'shop', undatedAt: null };
  for await (const item of jsonl.read([{ path: 'rows.jsonl', open }], options)) items.push(item);
  return items;
}

it('rejects a line with a number that JavaScript would round, and reads the next one', async () => {
  const row = (total: string) => `{"type":"order","total":${total}}`;

  expect(await read(row('9007199254740993'), row('"9007199254740993"'), row('12.5'))).toMatchObject([
    {
      error: { message: expect.stringContaining('Send it as text'), details: { field: ['total'] } },
      rows: [{ line: 1 }],
    },
    { input: { total: '9007199254740993' }, rows: [{ line: 2 }] },
    { input: { total: 12.5 }, rows: [{ line: 3 }] },
  ]);
});

it('rejects a line that is nested too deep, and reads the next one', async () => {
  const row = (levels: number) => `{"type":"interaction","metadata":${'['.repeat(levels)}${']'.repeat(levels)}}`;

  expect(await read(row(100_000), row(3))).toMatchObject([
    { error: { message: 'Must not be nested deeper than 40 levels.' }, rows: [{ line: 1 }] },
    { input: { metadata: [[[]]] }, rows: [{ line: 2 }] },
  ]);
});
