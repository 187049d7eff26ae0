import { listWorkspaces } from './access/workspaces.ts';
import { fail } from './cli/fail.ts';
import { readConfig } from './config.ts';
import { openMigrated, serve } from './process.ts';
import { loadSample } from './sample.ts';
import { welcome } from './welcome.ts';

const say = (line: string) => console.log(line);

try {
  const config = readConfig();
  const database = await openMigrated(config, say);
  const isFirstRun = !config.isProduction && (await listWorkspaces(database)).length === 0;
  const sample = isFirstRun ? await loadSample(database, say) : [];
  const url = await serve(config, database);
  say(welcome(url, sample));
  say(`ready ${url}`);
} catch (error) {
  fail(error);
}
