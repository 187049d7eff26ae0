import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { migrate, migrationStatus } from '../../db/migrate/migrate.ts';
import { migrationsFolder } from '../../db/migrate/migration-files.ts';
import { createdTables, tableRules } from '../../db/migrate/table-rules.ts';
import { DomainError, invalid } from '../../lib/errors.ts';
import { tableOf } from '../../lib/tables.ts';
import type { Table } from '../../manifest.ts';
import { outdatedWorkspaces, upgradeData } from '../../upgrade/upgrade.ts';
import { printable } from '../printable.ts';
import { withUnmigratedDatabase } from '../with-database.ts';

export function migrateCommand(): Command {
  const command = new Command('migrate').description('Manages the database schema.');
  command
    .command('deploy')
    .description('Applies pending migrations and upgrades data from earlier versions.')
    .action(deploy);
  command.command('status').description('Lists applied and pending migrations.').action(status);
  command
    .command('new')
    .argument('<name>', 'name of the migration, in snake_case')
    .description('For developers: writes a migration for the changes in prisma/schema.')
    .action(create);
  return command;
}

async function deploy(): Promise<void> {
  await withUnmigratedDatabase(async (database) => {
    const applied = await migrate(database);
    const outdated = await outdatedWorkspaces(database);
    await upgradeData(database);
    console.log(applied.length > 0 ? `applied ${applied.join(', ')}` : 'no pending migrations');
    if (outdated.length > 0) console.log(`upgraded the data of ${printable(outdated.join(', '))}`);
  });
}

async function status(): Promise<void> {
  await withUnmigratedDatabase(async (database) => {
    const { applied, pending } = await migrationStatus(database);
    for (const name of applied) console.log(`applied  ${name}`);
    for (const name of pending) console.log(`pending  ${name}`);
  });
}

async function create(name: string): Promise<void> {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw invalid('The name must be in snake_case, such as add_loyalty_tier.', 'name');
  // Other commands need neither the engine nor its embedded database.
  const { diffSchema } = await import('../../db/migrate/schema-engine.ts');
  await withUnmigratedDatabase(async (database) => {
    const sql = await database.asOwner((pool) => diffSchema(pool, 'toSchema'));
    if (sql === null)
      throw new DomainError('CONFLICT', 'The migrations already match prisma/schema. There is nothing to write.');
    const rules = createdTables(sql).map((table) => tableRules({ ...manifestOf(table.name), ...table }));
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
    const folder = join(migrationsFolder, `${stamp}_${name}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'migration.sql'), [sql, ...rules].join('\n'));
    console.log(`wrote ${folder}/migration.sql`);
  });
}

function manifestOf(name: string): Table {
  const table = tableOf(name);
  if (table) return table;
  const message = `The table ${name} has no manifest. Add it to \`tables\` in the \`domain.ts\` of its domain, and run \`npm run build\`.`;
  throw new DomainError('CONFLICT', message);
}
