import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, linesOf, maxLineBytes } from './lines.ts';

async function read(bytes: Buffer, chunkSize = 1 << 18): Promise<Line[]> {
  async function* open() {
    for (let i = 0; i < bytes.length; i += chunkSize) yield bytes.subarray(i, i + chunkSize);
  }
  const lines: Line[] = [];
  for await (const line of linesOf({ path: 'x', open })) lines.push(line);
  return lines;
}

const texts = (lines: Line[]) => lines.map((line) => ('text' in line ? line.text : null));

describe('the lines of a file', () => {
  it.each([
    ['LF', 'a\nb\n', ['a', 'b']],
    ['CRLF', 'a\r\nb\r\n', ['a', 'b']],
    ['CR alone', 'a\rb', ['a', 'b']],
    ['blank lines', '\n\na\r\r\nb', ['', '', 'a', '', 'b']],
    ['no line break at the end', 'a\nb', ['a', 'b']],
    ['nothing', '', []],
    ['a byte order mark', '\uFEFFa\n\uFEFFb', ['a', '\uFEFFb']],
    ['U+2028, U+2029 and U+0085', 'a\u2028b\u2029c\u0085d\n', ['a\u2028b\u2029c\u0085d']],
  ])('are split correctly with %s', async (_what, text, expected) => {
    for (const chunkSize of [1, 2, 3, 1_000]) expect(texts(await read(Buffer.from(text), chunkSize))).toEqual(expected);
  });

  it('do not depend on the chunks', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ż', '😀', '\n', '\r', '\u2028') });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (given, chunkSize) => {
        const expected = given.split(/\r\n|\r|\n/);
        if (expected.at(-1) === '') expected.pop();
        expect(texts(await read(Buffer.from(given), chunkSize))).toEqual(expected);
      }),
    );
  });

  it('are numbered, and report invalid UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('a\n'), Buffer.from('Zoë\n', 'latin1'), Buffer.from('Zoë\n')]);

    expect(await read(bytes)).toEqual([
      { number: 1, text: 'a' },
      { number: 2, flaw: expect.stringContaining('Not valid UTF-8') },
      { number: 3, text: 'Zoë' },
    ]);
  });

  it.each(['le', 'be'])('report UTF-16 (%s), each once', async (endian) => {
    const bytes = Buffer.from('\uFEFF{"a":1}\r\n{"b":2}\n', 'utf16le');
    const given = endian === 'le' ? bytes : bytes.swap16();

    const flaws = (await read(given)).flatMap((line) => ('flaw' in line ? [line.flaw] : []));

    expect(flaws).toEqual([expect.stringContaining('UTF-16'), expect.stringContaining('UTF-16')]);
  });

  it('report UTF-16 without a byte order mark by its NUL bytes', async () => {
    expect(await read(Buffer.from('{}', 'utf16le'))).toEqual([{ number: 1, flaw: expect.stringContaining('NUL') }]);
  });

  it('are rejected with their number when too long, and the next one is read', async () => {
    const bytes = Buffer.concat([Buffer.from('a\n'), Buffer.alloc(maxLineBytes + 1, 'x'), Buffer.from('\nb')]);

    expect(await read(bytes)).toEqual([
      { number: 1, text: 'a' },
      { number: 2, flaw: 'This row is longer than 10 MB. Split it.' },
      { number: 3, text: 'b' },
    ]);
  });
});
