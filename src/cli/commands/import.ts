import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ImportFormat } from '../../import/format.ts';
import { jsonl } from '../../import/formats/jsonl.ts';
import { onlineRetail } from '../../import/formats/online-retail.ts';
import { tauRetail } from '../../import/formats/tau-retail.ts';
import { importFiles } from '../../import/import.ts';
import type { ImportSummary } from '../../import/summary.ts';
import { invalid } from '../../lib/errors.ts';
import { instant, parseInput } from '../../lib/fields.ts';
import { tuneHeapForImport } from '../../lib/process/heap.ts';
import { readConfig } from '../config.ts';
import { printable } from '../printable.ts';
import { withWorkspace } from '../with-database.ts';

const formats: Record<string, ImportFormat> = { jsonl, 'online-retail': onlineRetail, 'tau-retail': tauRetail };

// An embedded database serves nothing else during the transaction of a batch. These batches take a third of a second.
const embeddedWeights = { first: 500, most: 2_000 };

type Options = {
  workspace: string;
  source: string;
  format: string;
  undatedAt?: string;
  rejects?: string;
  rows: boolean;
  maxRefused?: number;
  dryRun?: boolean;
  json?: boolean;
};

export function importCommand(): Command {
  return new Command('import')
    .argument('<file...>', 'files to import, plain or gzipped')
    .requiredOption('--workspace <slug>', 'workspace to import into')
    .requiredOption(
      '--source <name>',
      'name you give to the system that the files come from; it scopes their external IDs',
    )
    .addOption(
      new Option('--format <format>', 'format of the files').choices(Object.keys(formats)).makeOptionMandatory(),
    )
    .option(
      '--undated-at <instant>',
      'for formats without dates: time of the first row; each later row is one second after the previous one',
    )
    .option('--rejects <file>', 'file to write refused rows and warnings to, one JSON object per line')
    .option('--no-rows', 'omit the source rows from the rejects file')
    .option('--max-refused <n>', 'exit with code 1 if more rows than this are refused (default: no limit)', wholeNumber)
    .option('--dry-run', 'validate everything and write nothing')
    .option('--json', 'print the summary as JSON')
    .description(
      'Imports files of any size. An interrupted import resumes, and running the same file twice changes nothing.',
    )
    .action(run);
}

async function run(paths: string[], options: Options): Promise<void> {
  const format = formats[options.format];
  if (!format) throw invalid(`Unknown format ${options.format}.`, 'format');
  if (format.needsUndatedAt && !options.undatedAt)
    throw invalid(
      `The format ${options.format} has no dates. Add --undated-at, such as 2026-01-01T09:00:00Z.`,
      'undatedAt',
    );
  const undatedAt = options.undatedAt ? parseInput(instant(), options.undatedAt) : null;

  tuneHeapForImport();
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
      omitRows: !options.rows,
      ...(readConfig().databaseUrl === null && { batchWeights: embeddedWeights }),
      onProgress: ({ rows, bytesRead, bytes }) => {
        bar?.setTotal(bytes);
        bar?.update(bytesRead, { rows, rate: Math.round((rows / (performance.now() - started)) * 1_000) });
      },
    }).finally(() => bar?.stop());
    const seconds = (performance.now() - started) / 1_000;
    console.log(
      options.json ? printable(JSON.stringify({ ...summary, seconds })) : describe(summary, seconds, options),
    );
    const { maxRefused = Number.POSITIVE_INFINITY } = options;
    if (summary.rowsRefused > maxRefused) {
      console.error(`rapport: ${summary.rowsRefused} rows were refused; --max-refused allows ${maxRefused}.`);
      process.exitCode = 1;
    }
  });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Must be a whole number.');
  return Number(text);
}

function describe(
  { rows, rowsWritten, rowsRefused, warnings, records }: ImportSummary,
  seconds: number,
  { dryRun, rejects }: Options,
): string {
  const lines = Object.entries(records).map(
    ([type, { CREATED, UPDATED, NOOP, REFUSED }]) =>
      `  ${type.padEnd(16)}${CREATED} created, ${UPDATED} updated, ${NOOP} unchanged, ${REFUSED} refused`,
  );
  const rate = Math.round(rows / seconds).toLocaleString('en');
  const warned = warnings > 0 ? `, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : '';
  const where = rejects && rowsRefused + warnings > 0 ? ` (see ${printable(rejects)})` : '';
  return [
    ...lines,
    `${rows} rows: ${rowsWritten} imported, ${rowsRefused} refused${warned}${where}`,
    `${seconds.toFixed(1)} s, ${rate} rows/s${dryRun ? '; dry run: nothing was written' : ''}`,
  ].join('\n');
}
