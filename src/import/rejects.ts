import { type FileHandle, open } from 'node:fs/promises';
import type { ErrorDetails } from '../lib/errors.ts';

export type Reject = { lines: number[]; reason: string; code?: string; field?: ErrorDetails['field']; type?: string };

/**
 * The file of refused rows: one JSON object a line, with the source's line number and the reason. Its length is part of
 * a checkpoint, so that an import that goes on after a kill neither loses nor repeats any.
 */
export class RejectsFile {
  #file: FileHandle | null = null;
  #length = 0;
  readonly #path: string | null;

  constructor(path: string | null) {
    this.#path = path;
  }

  get length(): number {
    return this.#length;
  }

  /** Takes back what a batch has written that is to be tried again. */
  rewind(length: number): void {
    this.#length = length;
  }

  async openAt(length: number): Promise<void> {
    if (this.#path === null) return;
    this.#file = await open(this.#path, length > 0 ? 'r+' : 'w');
    this.#length = Math.min(length, (await this.#file.stat()).size);
    await this.#file.truncate(this.#length);
  }

  async append(rejects: Reject[]): Promise<void> {
    const text = rejects
      .flatMap(({ lines, ...rest }) => lines.map((line) => `${JSON.stringify({ line, ...rest })}\n`))
      .join('');
    if (!this.#file || text === '') return;
    const { bytesWritten } = await this.#file.write(text, this.#length);
    this.#length += bytesWritten;
  }

  async close(): Promise<void> {
    await this.#file?.truncate(this.#length);
    await this.#file?.close();
  }
}
