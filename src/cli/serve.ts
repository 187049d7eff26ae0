import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { openMigrated } from '../open-migrated.ts';
import { serve } from '../serve.ts';

export function serveCommand(): Command {
  return new Command('serve').description('Serves the API on HOST:PORT until it is told to stop.').action(async () => {
    const config = readConfig();
    const database = await openMigrated(config, console.log);
    console.log(`ready ${await serve(config, database)}`);
  });
}
