import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Db } from '../src/db/database.ts';
import type { ImportFormat } from '../src/import/format.ts';
import { jsonl } from '../src/import/formats/jsonl.ts';
import { type ImportRun, importFiles } from '../src/import/import.ts';

/** Imports files like the command line with only a source given. */
export function runImport(db: Db, format: ImportFormat, paths: string[], rest: Partial<ImportRun> = {}) {
  const options = { source: 'test', undatedAt: null, isDryRun: false, rejectsPath: null };
  return importFiles(db, { format, paths, ...options, ...rest });
}

/** Imports lines, all of which must be accepted. */
export async function writeLines(db: Db, lines: object[], source: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rapport-lines-'));
  const file = join(folder, 'lines.jsonl');
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  const { rowsRefused } = await runImport(db, jsonl, [file], { source });
  await rm(folder, { recursive: true });
  if (rowsRefused > 0) throw new Error(`${rowsRefused} lines were rejected.`);
}
