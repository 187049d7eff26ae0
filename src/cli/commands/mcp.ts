import { Command } from 'commander';
import { readClient, readConfig } from '../config.ts';
import { openMigrated } from '../open-migrated.ts';
import { printable } from '../printable.ts';

export function mcpCommand(): Command {
  return new Command('mcp')
    .description(
      'Serves the tools of agents over standard input and output (MCP), with the permissions of the API key in RAPPORT_KEY. RAPPORT_CUSTOMER limits them to one customer.',
    )
    .action(async () => {
      const [config, client] = [readConfig(), readClient()];
      const { serveMcpOverStdio } = await import('../run-mcp.ts');
      // Standard output carries only messages of the protocol.
      const database = await openMigrated(config, (line) => console.error(printable(line)));
      await serveMcpOverStdio(config, database, client);
    });
}
