import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { openMigrated } from '../open-migrated.ts';
import { printable } from './printable.ts';

export function serveCommand(): Command {
  return new Command('serve').description('Serves the API on HOST:PORT until it is told to stop.').action(async () => {
    const config = readConfig();
    // The other commands do without the API's modules, a third of their memory and start.
    const { serve } = await import('../serve.ts');
    const database = await openMigrated(config, (line) => console.log(printable(line)));
    console.log(`ready ${await serve(config, database)}`);
  });
}
