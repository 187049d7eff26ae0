import { Command } from 'commander';
import { createWorkspace, listWorkspaces } from '../../access/workspaces.ts';
import { printable } from '../printable.ts';
import { withDatabase } from '../with-database.ts';

export function workspacesCommand(): Command {
  const command = new Command('workspaces').description(
    'Creates and lists workspaces. Each is a tenant with separate data and keys.',
  );
  command
    .command('create')
    .requiredOption('--slug <slug>', 'short name for commands: lowercase letters, digits and dashes')
    .option('--name <name>', 'display name (default: the slug)')
    .option('--default-country <code>', 'country of phone numbers without a country code, such as PL')
    .description('Creates a workspace.')
    .action(async ({ slug, name, defaultCountry }: { slug: string; name?: string; defaultCountry?: string }) => {
      await withDatabase(async (database) => {
        await createWorkspace(database, { slug, name: name ?? slug, defaultCountry });
        console.log(`created ${printable(slug)}`);
      });
    });
  command
    .command('list')
    .description('Lists the workspaces by slug.')
    .action(async () => {
      await withDatabase(async (database) => {
        for (const { slug, name, createdAt } of await listWorkspaces(database)) {
          console.log(`${printable(slug)}\t${printable(name)}\t${createdAt.toISOString()}`);
        }
      });
    });
  return command;
}
