import { Command } from 'commander';
import { listWorkspaces } from '../access/workspaces.ts';
import { DomainError } from '../lib/errors.ts';
import { verifyStatistics } from '../orders/verify.ts';
import { printable } from './printable.ts';
import { withDatabase } from './with-database.ts';

export function statsCommand(): Command {
  const command = new Command('stats').description('The customer statistics that are kept with every write.');
  command
    .command('verify')
    .option('--workspace <slug>', 'only this workspace (default: all)')
    .description(
      'Recounts them from orders, payments and returns, and names every difference. Ends with code 1 where there is one.',
    )
    .action(verify);
  return command;
}

async function verify({ workspace: wanted }: { workspace?: string }): Promise<void> {
  await withDatabase(async (database) => {
    const workspaces = (await listWorkspaces(database)).filter(({ slug }) => wanted === undefined || slug === wanted);
    if (wanted !== undefined && workspaces.length === 0)
      throw new DomainError('NOT_FOUND', `There is no workspace ${wanted}.`);
    let total = 0;
    for (const { id, slug } of workspaces) {
      const { customers, differences } = await verifyStatistics(database.forWorkspace(id));
      for (const difference of differences.slice(0, 20)) console.error(printable(`${slug}: ${difference}`));
      console.log(`${printable(slug)}: ${customers} customers with statistics, ${differences.length} differences`);
      total += differences.length;
    }
    if (total > 0) throw new DomainError('CONFLICT', `${total} differences.`);
  });
}
