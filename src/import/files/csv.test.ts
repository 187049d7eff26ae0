import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowLimit } from '../rows/row-limit.ts';
import { type CsvRow, csvRowsOf } from './csv.ts';
import { maxLineBytes } from './lines.ts';

// Rows of this length are as good as rows of 10 MB, and much faster.
const maxRowBytes = 100_000;

async function read(bytes: Buffer, chunkSize = 1 << 14, limit = maxRowBytes): Promise<CsvRow[]> {
  async function* open() {
    for (let i = 0; i < bytes.length; i += chunkSize) yield bytes.subarray(i, i + chunkSize);
  }
  const rows: CsvRow[] = [];
  for await (const read of csvRowsOf({ path: 'x', open }, limit)) rows.push(...read);
  return rows;
}

const flawed = (line: number, flaw: string) => ({ line, cells: [], flaw: expect.stringContaining(flaw) });
const row = (line: number, ...cells: string[]) => ({ line, cells, flaw: null });
const filler = 'x'.repeat(maxRowBytes);
const size = `longer than ${maxLineBytes / 1_000_000} MB`;

describe('a row that is too long', () => {
  const quoted = `"x""y\n${'line\r\n'.repeat(20_000)}"`;
  it.each([
    ['without quotes', `a,${filler}`, 3],
    ['with a quote in a cell', `a,5"${filler}`, 3],
    ['in quotes, over several lines', `a,${quoted},"b"`, 20_004],
    ['in quotes, with quotes in it', `"${'""'.repeat(maxRowBytes)}",b`, 3],
    ['with quotes after the limit', `${filler},"b\nc""",d`, 4],
    ['with only empty cells', ','.repeat(maxRowBytes + 1), 3],
    ['with a character that crosses the limit', `a,${'ż'.repeat(maxRowBytes / 2)}`, 3],
  ])('%s is rejected with its line number, and the rows after it are read', async (_what, long, next) => {
    for (const chunkSize of [1 << 14, 4_999]) {
      const rows = await read(Buffer.from(`h\n${long}\nb,"c"\nd`), chunkSize);

      expect(rows).toEqual([row(1, 'h'), flawed(2, size), row(next, 'b', 'c'), row(next + 1, 'd')]);
    }
  });

  it.each(['\r\n', '\r'])('ends with %j like the other rows', async (end) => {
    const rows = await read(Buffer.from(['h', `a,"${end}${filler}"`, 'b', `c,${filler}${end}`].join(end)));

    expect(rows).toEqual([row(1, 'h'), flawed(2, size), row(4, 'b'), flawed(5, size)]);
  });

  it('is rejected next to another one and at the end of the file', async () => {
    const rows = await read(Buffer.from(`h\n${filler}y\n${filler}z`));

    expect(rows).toEqual([row(1, 'h'), flawed(2, size), flawed(3, size)]);
  });

  it.each([
    ['a quote that a later cell closes', `a,"b${filler}\nc,"d"\ne`, 'The rest of the file is not read.'],
    ['a quote that is never closed', `a,"b\n${filler}`, 'is never closed'],
    ['a later quote that is never closed', `${filler},"b\nc`, 'is never closed'],
  ])('stops reading at %s', async (_what, long, flaw) => {
    expect(await read(Buffer.from(`h\n${long}`))).toEqual([row(1, 'h'), flawed(2, flaw)]);
  });

  it('may be as long as the limit, which is 10 MB', async () => {
    const longest = 'x'.repeat(maxLineBytes);
    const rows = await read(Buffer.from(`h\n${longest}\n${longest}x\nb`), 1 << 18, maxLineBytes);

    expect(rows).toEqual([row(1, 'h'), row(2, longest), flawed(3, size), row(4, 'b')]);
  });
});

it('splits rows as the parser does, for any content and at any cut', async () => {
  const options = { relax_column_count: true, relax_quotes: true, record_delimiter: [] as string[] };
  const parsed = (text: string): string[][] | null => {
    try {
      return parse(text, options);
    } catch {
      return null;
    }
  };
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\r\n'), maxLength: 40 });
  const cases = fc.tuple(
    fc.constantFrom('h\n', 'h\r\n', 'h\r'),
    text,
    fc.nat({ max: 12 }),
    fc.integer({ min: 1, max: 9 }),
  );
  let cuts = 0;
  fc.assert(
    fc.property(cases, ([header, rest, maxBytes, chunkSize]) => {
      const bytes = Buffer.from(header + rest);
      const limit = new RowLimit(maxBytes + 1);
      const passed: Buffer[] = [];
      for (let i = 0; i < bytes.length; i += chunkSize) passed.push(limit.pass(bytes.subarray(i, i + chunkSize)));
      passed.push(limit.end());
      if (limit.isLost) return;
      const [whole, left] = [parsed(bytes.toString()), parsed(Buffer.concat(passed).toString())];
      expect(left?.length).toBe(whole?.length);
      for (const [i, cells] of (left ?? []).entries()) {
        const gone = limit.lineBreaksCutFrom(cells);
        if (gone === null) expect(cells).toEqual(whole?.[i]);
        else cuts += 1;
      }
    }),
    { numRuns: 2_000 },
  );
  expect(cuts).toBeGreaterThan(50);
});
