import { Command } from 'commander';
import { listWorkspaces } from '../../access/workspaces.ts';
import { loadSample } from '../../sample/load-sample.ts';
import { withDatabase } from '../with-database.ts';

export function sampleCommand(): Command {
  const command = new Command('sample').description('Manages the bundled sample data.');
  command
    .command('load')
    .description(
      'Creates the demo workspaces retail and giftshop with sample data, and prints a read-only key for each.',
    )
    .action(async () => {
      await withDatabase(async (database) => {
        const loaded = await loadSample(database, await listWorkspaces(database), console.log);
        if (loaded.length === 0) console.log('both demo workspaces already exist');
        for (const { slug, secret } of loaded) console.log(`${slug}\t${secret}`);
      });
    });
  return command;
}
