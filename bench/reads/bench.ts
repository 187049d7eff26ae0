// Measures every read of the SDK, and the reads with a budget beside a hand-written statement and PostGraphile:
// npm run bench:reads -- [READ ...] [--customers 10000,100000] [--seconds 1.5] [--rounds 5]
// With names of reads, such as `timeline` or `orders.list`, it only prints. One read takes less than a minute.
import { loadavg } from 'node:os';
import { onDedicatedCores, stopServers } from '../servers.ts';
import { ask } from './ask.ts';
import { costsOf } from './costs.ts';
import { factsOf } from './facts.ts';
import { measure, type Size } from './measure.ts';
import { readOptions } from './options.ts';
import type { AnyRead } from './read.ts';
import { report } from './report.ts';
import { checkSameData } from './same-data.ts';
import { contendersOf, type Servers, startServers } from './sides.ts';
import { forgetRequests, openWorkspace, type Workspace } from './workspace.ts';

const options = readOptions();
const [busyBefore = 0] = loadavg();
const reads: AnyRead[] = [...options.compared, ...options.others];

const sizes: Size[] = [];
await onDedicatedCores(async () => {
  for (const customers of options.sizes) sizes.push(await measureAt(await openWorkspace(customers)));
});
await report(sizes, options, busyBefore);
process.exit(0);

async function measureAt(workspace: Workspace): Promise<Size> {
  const { seeded, customers, orders } = workspace;
  const servers = await startServers(workspace, reads);
  try {
    const place = {
      workspaceId: seeded.workspaceId,
      customers,
      orders,
      deepCursor: await deepCursor(workspace, servers),
    };
    const contenders = (read: AnyRead) => contendersOf(read, servers, place, workspace);
    for (const read of options.compared) await checkSameData(read, contenders(read));
    console.log(`${customers.toLocaleString('en')} customers: all sides answer with the same data`);
    const costs = await costsOf(reads, workspace, place);
    const measured = await measure(
      reads.map((read) => ({ read, contenders: contenders(read) })),
      options,
    );
    return { customers, measured, costs };
  } finally {
    await stopServers(servers.values());
    await forgetRequests(seeded);
  }
}

// `seed` creates one customer a second. Newer customers come first.
async function deepCursor({ customers, secret }: Workspace, servers: Servers): Promise<string> {
  const lt = new Date(Date.UTC(2023, 10, 1) + customers * 400).toISOString();
  const query = `query ($lt: DateTime) { customers(first: 1, where: { createdAt: { lt: $lt } }) { pageInfo { endCursor } } }`;
  const port = servers.get('rapport')?.port ?? 0;
  const { endCursor } = factsOf(await ask(port, JSON.stringify({ query, variables: { lt } }), `Bearer ${secret}`));
  return String(endCursor);
}
