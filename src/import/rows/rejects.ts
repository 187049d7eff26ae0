import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { type DomainError, invalid } from '../../lib/errors.ts';
import type { SourceRow } from '../format.ts';

/** A row that was rejected, or partly left out. */
export type Reject = {
  rows: SourceRow[];
  type: string | null;
  key: unknown;
  error: DomainError;
  isWarning: boolean;
  /** External ID of the conflicting customer in the source of the rows. */
  conflictingExternalId?: { source: string; value: string };
};

/**
 * The file of rejected rows, with one JSON object per line. The checkpoint stores its length, so an import that was
 * interrupted neither loses nor repeats lines.
 */
export class RejectsFile {
  #file: FileHandle | null = null;
  #length = 0;
  // Number of bytes by which the file is shorter than when the import was interrupted.
  #missing = 0;
  readonly #path: string | null;
  readonly #withRows: boolean;

  constructor(path: string | null, withRows: boolean) {
    this.#path = path;
    this.#withRows = withRows;
  }

  /** Opens the file where an interrupted import left it, or empties it. Throws if it is one of the input files. */
  async openAt(length: number, inputs: string[] = []): Promise<void> {
    const path = this.#path;
    if (path === null) return;
    // Opened without truncating, because it may turn out to be an input file.
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT).catch((error: { code?: string }) => {
      throw invalid(`Cannot write the rejects file ${path} (${error.code}).`, 'rejects');
    });
    for (const input of inputs) {
      if (!(await isSameFile(file, path, input))) continue;
      await file.close();
      throw invalid('The rejects file must not be one of the files to import. Choose another path.', 'rejects');
    }
    this.#file = file;
    // If the file was replaced in the meantime, new lines are appended to its content.
    this.#length = Math.min(length, (await this.#file.stat()).size);
    this.#missing = length - this.#length;
    await this.#file.truncate(this.#length);
  }

  /** Writes after the first `length` bytes, overwriting anything beyond. Returns the new length. */
  async writeAt(length: number, rejects: Reject[]): Promise<number> {
    if (!this.#file) return 0;
    const text = rejects.flatMap((reject) => reject.rows.map((row) => this.#line(reject, row))).join('');
    const { bytesWritten } = text === '' ? { bytesWritten: 0 } : await this.#file.write(text, length - this.#missing);
    this.#length = length - this.#missing + bytesWritten;
    return length + bytesWritten;
  }

  async close(): Promise<void> {
    await this.#file?.truncate(this.#length);
    await this.#file?.close();
  }

  #line({ type, key, error, isWarning, conflictingExternalId }: Reject, source: SourceRow): string {
    const { file, line } = source;
    const { field, conflictingId, problems } = error.details;
    const said = {
      file,
      line,
      ...(type !== null && { type }),
      key,
      ...(isWarning && { warning: true }),
      code: error.code,
      reason: error.message,
      field,
      conflictingId,
      conflictingExternalId,
      problems: (problems ?? [{ code: error.code, message: error.message, field }]).map((problem) => ({
        reason: problem.message,
        field: problem.field,
        code: problem.code,
      })),
    };
    // The row is inserted as it was read, because parsing and serializing it would change its numbers.
    const row = this.#withRows && source.json ? `,"row":${source.json()}` : '';
    return `${JSON.stringify(said).slice(0, -1)}${row}}\n`;
  }
}

// Hard links are different paths to the same file, so inodes are compared too; some file systems fake inode numbers, so
// paths come first.
async function isSameFile(file: FileHandle, path: string, other: string): Promise<boolean> {
  if ((await realpath(path)) === (await realpath(other))) return true;
  const [opened, given] = [await file.stat({ bigint: true }), await stat(other, { bigint: true })];
  return opened.dev === given.dev && opened.ino === given.ino;
}
