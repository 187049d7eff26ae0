import type { Db } from '../src/db/database.ts';
import type { ImportFormat } from '../src/import/format.ts';
import { type ImportRun, importFiles } from '../src/import/import.ts';

/** Imports files as the command line would with nothing but a source given. */
export function runImport(db: Db, format: ImportFormat, paths: string[], rest: Partial<ImportRun> = {}) {
  const options = { source: 'test', undatedAt: null, isDryRun: false, rejectsPath: null };
  return importFiles(db, { format, paths, ...options, ...rest });
}
