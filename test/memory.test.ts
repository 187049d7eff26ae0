import { randomUUID } from 'node:crypto';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { AccessLog } from '../src/audit/access-log.ts';
import { operator } from '../src/db/write/actor.ts';
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

it('queues reads for the audit log without the responses that they come from', async () => {
  const log = new AccessLog(api.database, (fault) => {
    throw fault;
  });

  const grown = await grownBy(async () => {
    for (let i = 0; i < 100; i++) {
      const row = `${randomUUID()}${'text '.repeat(200_000)}${i}`;
      log.record(shop.db.workspaceId, operator('read'), new Map([[row.slice(0, 36), new Set(['EMAIL'] as const)]]));
    }
  });
  await log.flush();

  expect(grown).toBeLessThan(20);
});

it('leaves the results of statements in the young generation', async () => {
  const oldSpace = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size;
  const query = () => shop.db.query<{ text: string }>({ text: `SELECT repeat('x', 50000) AS "text"`, values: [] });
  collect();
  const before = Number(oldSpace());

  let length = 0;
  for (let i = 0; i < 2_000; i++) length += (await query())[0]?.text.length ?? 0;

  expect(length).toBe(100_000_000);
  expect((Number(oldSpace()) - before) / 1e6).toBeLessThan(20);
}, 60_000);

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

it('limits all budgets together to 64 MB', () => {
  expect(Object.values(cacheBytes).reduce((sum, bytes) => sum + bytes)).toBeLessThanOrEqual(64_000_000);
});
