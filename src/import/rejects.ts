import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { type DomainError, invalid } from '../lib/errors.ts';
import type { SourceRow } from './format.ts';

/** A row that was refused, or of which a part was left out. */
export type Reject = {
  rows: SourceRow[];
  type: string | null;
  key: unknown;
  error: DomainError;
  isWarning: boolean;
  /** What the customer who is in the way is called where the rows come from. */
  conflictingExternalId?: { source: string; value: string };
};

/**
 * The file of refused rows: one JSON object a line. Its length is part of a checkpoint, so that an import that was
 * interrupted neither loses nor repeats any.
 */
export class RejectsFile {
  #file: FileHandle | null = null;
  #length = 0;
  // How much shorter the file is than an interrupted import left it.
  #missing = 0;
  readonly #path: string | null;
  readonly #withRows: boolean;

  constructor(path: string | null, withRows: boolean) {
    this.#path = path;
    this.#withRows = withRows;
  }

  /** Opens the file where an interrupted import left it, or empties it. It must not be one of the files that are read. */
  async openAt(length: number, inputs: string[] = []): Promise<void> {
    const path = this.#path;
    if (path === null) return;
    // Not emptied before it is known to be no input.
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT).catch((error: { code?: string }) => {
      throw invalid(`Cannot write the rejects file ${path} (${error.code}).`, 'rejects');
    });
    for (const input of inputs) {
      if (!(await isSameFile(file, path, input))) continue;
      await file.close();
      throw invalid('The rejects file must not be one of the files to import. Choose another path.', 'rejects');
    }
    this.#file = file;
    // Where the file was replaced meanwhile, the rest is written behind what it has.
    this.#length = Math.min(length, (await this.#file.stat()).size);
    this.#missing = length - this.#length;
    await this.#file.truncate(this.#length);
  }

  /** Writes behind the first `length` bytes; whatever was there is taken back. The length there is then. */
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
    // The row goes in as it was read: to parse and write it again would change its numbers.
    const row = this.#withRows && source.json ? `,"row":${source.json()}` : '';
    return `${JSON.stringify(said).slice(0, -1)}${row}}\n`;
  }
}

// Hard links are paths of their own to one file; some file systems make up inode numbers.
async function isSameFile(file: FileHandle, path: string, other: string): Promise<boolean> {
  if ((await realpath(path)) === (await realpath(other))) return true;
  const [opened, given] = [await file.stat({ bigint: true }), await stat(other, { bigint: true })];
  return opened.dev === given.dev && opened.ino === given.ino;
}
