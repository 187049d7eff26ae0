import { SingleBar } from 'cli-progress';
import { Command, Option } from 'commander';
import type { ImportFormat } from '../import/format.ts';
import { jsonl } from '../import/formats/jsonl.ts';
import { onlineRetail } from '../import/formats/online-retail.ts';
import { tauRetail } from '../import/formats/tau-retail.ts';
import { importFiles } from '../import/import.ts';
import type { ImportSummary } from '../import/summary.ts';
import { invalid } from '../lib/errors.ts';
import { instant, parseInput } from '../lib/fields.ts';
import { keepHeapSmall } from '../lib/heap.ts';
import { withWorkspace } from './with-database.ts';

const formats: Record<string, ImportFormat> = { jsonl, 'online-retail': onlineRetail, 'tau-retail': tauRetail };

type Options = {
  workspace: string;
  source: string;
  format: string;
  undatedAt?: string;
  rejects?: string;
  dryRun?: boolean;
  json?: boolean;
};

export function importCommand(): Command {
  return new Command('import')
    .argument('<file...>', 'files to read, plain or gzip')
    .requiredOption('--workspace <slug>', 'workspace to write to')
    .requiredOption('--source <name>', 'your name for where the files come from; external ids are its')
    .addOption(
      new Option('--format <format>', 'what the files are').choices(Object.keys(formats)).makeOptionMandatory(),
    )
    .option(
      '--undated-at <instant>',
      'for formats without dates: instant of the first row; later ones follow a second apart',
    )
    .option('--rejects <file>', 'where to write refused rows, one JSON object a line')
    .option('--dry-run', 'check everything and write nothing')
    .option('--json', 'print the summary as JSON')
    .description('Streams files into a workspace. Killed, it goes on where it stopped; repeated, it changes nothing.')
    .action(run);
}

async function run(paths: string[], options: Options): Promise<void> {
  const format = formats[options.format];
  if (!format) throw invalid(`There is no format ${options.format}.`, 'format');
  if (format.needsUndatedAt && !options.undatedAt)
    throw invalid(`${options.format} has no dates: say --undated-at, such as 2026-01-01T09:00:00Z.`, 'undatedAt');
  const undatedAt = options.undatedAt ? parseInput(instant(), options.undatedAt) : null;

  keepHeapSmall();
  await withWorkspace(options.workspace, async (db) => {
    const bar = process.stderr.isTTY
      ? new SingleBar({
          format: '{bar} {percentage}% | {rows} rows | {rate} rows/s | {eta}s left',
          stream: process.stderr,
        })
      : null;
    const started = performance.now();
    bar?.start(1, 0, { rows: 0, rate: 0 });
    const summary = await importFiles(db, {
      format,
      source: options.source,
      paths,
      undatedAt,
      isDryRun: options.dryRun ?? false,
      rejectsPath: options.rejects ?? null,
      onProgress: ({ rows, bytesRead, bytes }) => {
        bar?.setTotal(bytes);
        bar?.update(bytesRead, { rows, rate: Math.round((rows / (performance.now() - started)) * 1_000) });
      },
    }).finally(() => bar?.stop());
    const seconds = (performance.now() - started) / 1_000;
    console.log(options.json ? JSON.stringify({ ...summary, seconds }) : describe(summary, seconds, options));
  });
}

function describe(
  { rows, rowsWritten, rowsRefused, records }: ImportSummary,
  seconds: number,
  { dryRun, rejects }: Options,
): string {
  const lines = Object.entries(records).map(
    ([type, { CREATED, UPDATED, NOOP, REFUSED }]) =>
      `  ${type.padEnd(16)}${CREATED} created, ${UPDATED} updated, ${NOOP} unchanged, ${REFUSED} refused`,
  );
  const rate = Math.round(rows / seconds).toLocaleString('en');
  return [
    ...lines,
    `${rows} rows: ${rowsWritten} taken, ${rowsRefused} refused${rejects && rowsRefused > 0 ? ` (see ${rejects})` : ''}`,
    `${seconds.toFixed(1)} s, ${rate} rows/s${dryRun ? '; a dry run: nothing was written' : ''}`,
  ].join('\n');
}
