import { encode } from 'gpt-tokenizer';
import { expect, it } from 'vitest';
import { tokensIn } from './estimate.ts';

const tokensOf = (value: unknown) => encode(JSON.stringify(value)).length;

it.each([
  [{ id: 'order_01kaf2v5xwenrb6r3gzjhq9qcd', total: { amount: '12.50', currencyCode: 'PLN' }, note: null, paid: true }],
  [
    [
      { score: -0.25, count: 1_000_000, list: [], empty: {}, left: undefined, isOpen: false },
      'Dzień dobry, пані Олено',
    ],
  ],
])('counts at least the tokens of %j, and at most twice as many', (value) => {
  expect(tokensIn(value)).toBeGreaterThanOrEqual(tokensOf(value));
  expect(tokensIn(value)).toBeLessThanOrEqual(2 * tokensOf(value));
});

it('counts the escapes of JSON', () => {
  const text = 'He said "no" and left.\n\tC:\\orders\u0001\u001f';

  expect(tokensIn(text)).toBeGreaterThanOrEqual(tokensOf(text));
  expect(tokensIn(text)).toBeGreaterThan(tokensIn(text.replace(/[^\w .:]/g, '')) + 12);
});
