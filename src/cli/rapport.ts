#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { fail } from './fail.ts';
import { importCommand } from './import.ts';
import { keysCommand } from './keys.ts';
import { migrateCommand } from './migrate.ts';
import { printableLines } from './printable.ts';
import { sampleCommand } from './sample.ts';
import { serveCommand } from './serve.ts';
import { statsCommand } from './stats.ts';
import { workspacesCommand } from './workspaces.ts';

const program = new Command('rapport')
  .description(
    'Runs and feeds Rapport. Which database: DATABASE_URL, else the embedded one in RAPPORT_DATA_DIR (.rapport).',
  )
  .configureOutput({ outputError: (text, write) => write(printableLines(text)) })
  .showHelpAfterError('(add --help for what there is)')
  .exitOverride();

for (const command of [
  serveCommand,
  migrateCommand,
  workspacesCommand,
  keysCommand,
  importCommand,
  sampleCommand,
  statsCommand,
]) {
  program.addCommand(inherit(command()));
}

try {
  await program.parseAsync();
} catch (error) {
  // Help and version are asked for; every other refusal of commander has been printed.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 1);
  fail(error);
}

function inherit(command: Command): Command {
  command.copyInheritedSettings(program);
  for (const child of command.commands) inherit(child);
  return command;
}
