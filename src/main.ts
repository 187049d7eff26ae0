import { readConfig } from './cli/config.ts';
import { fail } from './cli/fail.ts';
import { openMigrated } from './cli/open-migrated.ts';
import { printable, printableLines } from './cli/printable.ts';

const say = (line: string) => console.log(line);

try {
  const config = readConfig();
  // Loading the modules of the API while the database opens halves the start-up time.
  const opening = openMigrated(config, (line) => say(printable(line)));
  const loading = Promise.all([
    import('./cli/run-server.ts'),
    import('./sample/load-sample.ts'),
    import('./cli/welcome.ts'),
    import('./access/workspaces.ts'),
  ]);
  const [database, [{ serve }, { loadSample }, { keyHint, welcome }, { listWorkspaces }]] = await Promise.all([
    opening,
    loading,
  ]);

  const existing = await listWorkspaces(database);
  const isFirstRun = !config.isProduction && existing.length === 0;
  const sample = isFirstRun ? await loadSample(database, existing, say) : [];
  const url = await serve(config, database);
  const [workspace] = await listWorkspaces(database);
  say(printableLines(sample.length > 0 ? welcome(url, sample) : keyHint(config, workspace?.slug)));
  say(`ready ${url}`);
} catch (error) {
  fail(error);
}
