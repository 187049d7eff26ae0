import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../../../test/database.ts';
import { createWorkspace } from '../../access/workspaces.ts';
import { isUnavailable } from '../unavailable.ts';
import { maxPrismaClients, PrismaClients } from './prisma-clients.ts';
import { TenantPool } from './tenant-pool.ts';

const { database } = await useDatabase();
const workspaces: string[] = [];

beforeAll(async () => {
  for (let i = 0; i < 3 * maxPrismaClients; i++)
    workspaces.push((await createWorkspace(database, { slug: `shop-${i}`, name: `shop ${i}` })).id);
});

const tenant = (i: number) => new TenantPool(database.pool, { workspaceId: workspaces[i] ?? '', customerId: null });

it('lets more tenants than clients read at once, each only its own rows', async () => {
  const clients = new PrismaClients(database.pool);

  const seen = await Promise.all(
    workspaces.map((_, i) =>
      Promise.all(
        workspaces.map((id) => clients.use(tenant(i), (client) => client.workspace.findUnique({ where: { id } }))),
      ),
    ),
  );

  for (const [i, rows] of seen.entries()) expect(rows.flatMap((row) => row?.id ?? [])).toEqual([workspaces[i]]);
});

it('serves tenants in order of arrival, even if others never pause', async () => {
  const clients = new PrismaClients(database.pool);
  let isOver = false;
  const busy = Array.from({ length: 2 * maxPrismaClients }, async (_, i) => {
    // The two calls of each tenant overlap.
    if (i >= maxPrismaClients) await sleep(10);
    for (let n = 0; n < 20; n++) await clients.use(tenant(i % maxPrismaClients), () => sleep(20));
    isOver = true;
  });
  await sleep(50);

  await clients.use(tenant(maxPrismaClients), (client) => client.workspace.count());

  expect(isOver).toBe(false);
  await Promise.all(busy);
});

it('passes a client on only after all its queries have finished', async () => {
  const clients = new PrismaClients(database.pool);
  const log: string[] = [];
  const held = workspaces.slice(0, maxPrismaClients).map((_, i) =>
    clients.use(tenant(i), async () => {
      await sleep(50);
      log.push('held');
    }),
  );
  const next = clients.use(tenant(maxPrismaClients), async () => log.push('next'));

  await Promise.all([...held, next]);

  expect(log[0]).toBe('held');
  expect(log).toContain('next');
});

it('fails with UNAVAILABLE for a tenant that waits too long, and stays usable', async () => {
  const clients = new PrismaClients(database.pool, 20);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = workspaces.slice(0, maxPrismaClients).map((_, i) => clients.use(tenant(i), () => released));

  const refusal = await clients.use(tenant(maxPrismaClients), async () => 'never').catch((error) => error);

  expect(isUnavailable(refusal)).toBe(true);
  release();
  await Promise.all(held);
  expect(await clients.use(tenant(maxPrismaClients), (client) => client.workspace.count())).toBe(1);
});
