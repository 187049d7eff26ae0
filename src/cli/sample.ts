import { Command } from 'commander';
import { listWorkspaces } from '../access/workspaces.ts';
import { loadSample } from '../sample.ts';
import { withDatabase } from './with-database.ts';

export function sampleCommand(): Command {
  const command = new Command('sample').description('The bundled demo data.');
  command
    .command('load')
    .description('Makes the demo workspaces retail and giftshop with real data, and a key that reads each.')
    .action(async () => {
      await withDatabase(async (database) => {
        const loaded = await loadSample(database, await listWorkspaces(database), console.log);
        if (loaded.length === 0) console.log('both are there already');
        for (const { slug, secret } of loaded) console.log(`${slug}\t${secret}`);
      });
    });
  return command;
}
