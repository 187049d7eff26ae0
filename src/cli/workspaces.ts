import { Command } from 'commander';
import { createWorkspace, listWorkspaces } from '../access/workspaces.ts';
import { printable } from './printable.ts';
import { withDatabase } from './with-database.ts';

export function workspacesCommand(): Command {
  const command = new Command('workspaces').description(
    'Makes and lists workspaces: tenants, each with its own data and keys.',
  );
  command
    .command('create')
    .requiredOption('--slug <slug>', 'short name in commands: lower-case letters, digits, dashes')
    .option('--name <name>', 'name for people (default: the slug)')
    .option('--default-country <code>', 'country that phone numbers without a country code are of, such as PL')
    .description('Makes a workspace.')
    .action(async ({ slug, name, defaultCountry }: { slug: string; name?: string; defaultCountry?: string }) => {
      await withDatabase(async (database) => {
        await createWorkspace(database, { slug, name: name ?? slug, defaultCountry });
        console.log(`made ${printable(slug)}`);
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
