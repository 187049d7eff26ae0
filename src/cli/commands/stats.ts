import { Command } from 'commander';
import { listWorkspaces } from '../../access/workspaces.ts';
import { DomainError } from '../../lib/errors.ts';
import { verifyStatistics } from '../../orders/statistics/verify-statistics.ts';
import { printable } from '../printable.ts';
import { withDatabase } from '../with-database.ts';

export function statsCommand(): Command {
  const command = new Command('stats').description('Checks the customer statistics that every write updates.');
  command
    .command('verify')
    .option('--workspace <slug>', 'check only this workspace (default: all)')
    .description(
      'Recomputes the statistics from orders, payments and returns, and lists all differences. Exits with code 1 if there are any.',
    )
    .action(verify);
  return command;
}

async function verify({ workspace: wanted }: { workspace?: string }): Promise<void> {
  await withDatabase(async (database) => {
    const workspaces = (await listWorkspaces(database)).filter(({ slug }) => wanted === undefined || slug === wanted);
    if (wanted !== undefined && workspaces.length === 0)
      throw new DomainError('NOT_FOUND', `No workspace has the slug ${wanted}.`);
    let total = 0;
    for (const { id, slug } of workspaces) {
      const { customers, differences } = await verifyStatistics(database.forWorkspace(id));
      for (const difference of differences.slice(0, 20)) console.error(printable(`${slug}: ${difference}`));
      console.log(`${printable(slug)}: ${customers} customers with statistics, ${differences.length} differences`);
      total += differences.length;
    }
    if (total > 0) throw new DomainError('CONFLICT', `Stored and recomputed statistics differ (${total} differences).`);
  });
}
