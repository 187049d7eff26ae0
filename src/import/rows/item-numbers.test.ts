import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ItemNumbers } from './item-numbers.ts';

const rising = fc.uniqueArray(fc.integer({ min: 0, max: 100_000 })).map((numbers) => numbers.sort((a, b) => a - b));

it('finds exactly the added numbers, even after they are stored', () => {
  fc.assert(
    fc.property(rising, fc.nat(), (numbers, cut) => {
      const middle = cut % (numbers.length + 1);
      const first = new ItemNumbers().with(numbers.slice(0, middle));
      const all = new ItemNumbers(first.bytes).with(numbers.slice(middle));
      const has = new ItemNumbers(all.bytes).lookup();
      const asked = [...new Set(numbers.flatMap((number) => [number, number + 1]))].sort((a, b) => a - b);

      expect(all.size).toBe(numbers.length);
      expect(asked.filter(has)).toEqual(numbers);
    }),
  );
});

it('stores a million consecutive numbers in a few bytes', () => {
  const million = new ItemNumbers().with(Array.from({ length: 1_000_000 }, (_, i) => i + 5));

  expect(million.bytes.length).toBeLessThan(10);
  expect(million.lookup()(1_000_004)).toBe(true);
});
