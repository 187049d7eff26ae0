import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { openMigrated } from '../open-migrated.ts';
import { printable } from '../printable.ts';

export function serveCommand(): Command {
  return new Command('serve').description('Serves the API on HOST:PORT until stopped.').action(async () => {
    const config = readConfig();
    // Other commands do not load the modules of the API, which would add a third to their memory and start-up time.
    const { serve } = await import('../run-server.ts');
    const database = await openMigrated(config, (line) => console.log(printable(line)));
    console.log(`ready ${await serve(config, database)}`);
  });
}
