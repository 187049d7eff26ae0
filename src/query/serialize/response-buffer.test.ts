import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ResponseBuffer } from './response-buffer.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 300 });

it('concatenates texts as UTF-8', () => {
  const out = new ResponseBuffer();
  fc.assert(
    fc.property(fc.array(anyText), (texts) => {
      for (const text of texts) out.put(text);
      expect(out.take().toString()).toBe(texts.join(''));
    }),
  );
});

it('appends part of a text, grows, and discards its content', () => {
  const out = new ResponseBuffer();
  out.put('Zażółć 🐢 gęślą', 2, 6);
  expect(out.take().toString()).toBe('żółć');
  const long = 'ż🐢a'.repeat(100_000);
  out.put('before ');
  out.put(long);
  expect(out.take().toString()).toBe(`before ${long}`);
  out.put('lost');
  out.drop();
  expect(out.take()).toHaveLength(0);
});
