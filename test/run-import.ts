import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
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

/** Returns a temporary folder for files to import, and functions that write and import them. */
export async function useImportFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'rapport-import-'));
  afterAll(() => rm(folder, { recursive: true }));
  const rejectsPath = join(folder, 'rejects.jsonl');
  let files = 0;

  async function fileOf(content: string | Buffer | object[]): Promise<string> {
    const path = join(folder, `file-${++files}`);
    await writeFile(path, Array.isArray(content) ? content.map((row) => JSON.stringify(row)).join('\n') : content);
    return path;
  }

  async function rejects() {
    const text = await readFile(rejectsPath, 'utf8');
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  }

  /** Imports files and returns the summary with the rejects. */
  async function run(db: Db, format: ImportFormat, paths: string[], rest: Partial<ImportRun> = {}) {
    const summary = await runImport(db, format, paths, { rejectsPath, ...rest });
    return { ...summary, rejects: await rejects() };
  }

  return { folder, rejectsPath, fileOf, rejects, run };
}
