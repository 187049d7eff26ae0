import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { cacheBytes } from '../src/lib/process/cache-bytes.ts';
import { unlimited, useApi } from './api.ts';

const api = await useApi({ limits: { ...unlimited, tokens: 4_000 } });
const shop = await api.tenant('shop');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function grownBy(send: () => Promise<void>): Promise<number> {
  collect();
  const before = process.memoryUsage().heapUsed;
  await send();
  collect();
  return (process.memoryUsage().heapUsed - before) / 1e6;
}

const context = (i: number, more = '') =>
  `query Long${i}($by: CustomerKey!) { customerContext(by: $by, purpose: SUPPORT) { at ${more} } }`;
const by = { email: 'nobody@example.com' };

it('retains no variables that a document does not declare', async () => {
  const query = context(0);
  await shop.data(query, { by });

  const grown = await grownBy(async () => {
    for (let i = 0; i < 80; i++)
      await shop.data(query, { by, undeclared: Array.from({ length: 150_000 }, (_, n) => n + i) });
  });

  expect(grown).toBeLessThan(20);
});

it('keeps documents within a memory budget, no matter how many and long', async () => {
  const fields = Array.from({ length: 1_000 }, (_, i) => `a${i}: at`).join(' ');

  const grown = await grownBy(async () => {
    for (let i = 0; i < 200; i++) {
      await shop.data(context(i, fields), { by });
      await shop.send(`{ invalid${i} { ${fields} } }`);
      await shop.send(`{ unparsable${i} ${fields}`);
    }
  });

  expect(grown).toBeLessThan(100);
}, 60_000);

it('keeps a few Prisma clients, no matter how many tenants there are', async () => {
  const orders = '{ orders(first: 1) { nodes { id } } }';

  const grown = await grownBy(async () => {
    const tenants = await Promise.all(Array.from({ length: 30 }, (_, i) => api.tenant(`tenant-${i}`)));
    await Promise.all(tenants.map((tenant) => tenant.data(orders)));
  });

  expect(grown).toBeLessThan(cacheBytes.prismaClients / 1e6);
}, 60_000);

it('limits all budgets together to less than 100 MB', () => {
  expect(Object.values(cacheBytes).reduce((sum, bytes) => sum + bytes)).toBeLessThanOrEqual(100_000_000);
});
