#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { importCommand } from './commands/import.ts';
import { keysCommand } from './commands/keys.ts';
import { mcpCommand } from './commands/mcp.ts';
import { migrateCommand } from './commands/migrate.ts';
import { orderPolicyCommand } from './commands/order-policy.ts';
import { recommendationsCommand } from './commands/recommendations.ts';
import { sampleCommand } from './commands/sample.ts';
import { serveCommand } from './commands/serve.ts';
import { statsCommand } from './commands/stats.ts';
import { valueCommand } from './commands/value.ts';
import { workspacesCommand } from './commands/workspaces.ts';
import { fail } from './fail.ts';
import { printableLines } from './printable.ts';

const program = new Command('rapport')
  .description(
    'Runs Rapport and manages its data, in the database at DATABASE_URL or an embedded one in RAPPORT_DATA_DIR (.rapport).',
  )
  .configureOutput({ outputError: (text, write) => write(printableLines(text)) })
  .showHelpAfterError('(run with --help to list commands and options)')
  .exitOverride();

for (const command of [
  serveCommand,
  mcpCommand,
  migrateCommand,
  workspacesCommand,
  keysCommand,
  importCommand,
  orderPolicyCommand,
  sampleCommand,
  statsCommand,
  valueCommand,
  recommendationsCommand,
]) {
  program.addCommand(inherit(command()));
}

try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its message already. Help and version are not errors.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 1);
  fail(error);
}

function inherit(command: Command): Command {
  command.copyInheritedSettings(program);
  for (const child of command.commands) inherit(child);
  return command;
}
