import { expect, it } from 'vitest';
import { sdkReads } from '../bench/reads/sdk-reads.ts';

it('has variables in the bench for every read of the SDK', () => {
  const names = sdkReads().map(({ name }) => name);

  expect(names).toContain('orders.ofCustomer');
  expect(new Set(names).size).toBe(names.length);
});
