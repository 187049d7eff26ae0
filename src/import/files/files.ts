import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DomainError } from '../../lib/errors.ts';
import type { ImportFile } from '../format.ts';

export type OpenedFiles = {
  files: ImportFile[];
  bytes: number;
  /** Bytes read since the last rewind. */
  bytesRead(): number;
  rewind(): void;
  fingerprint: string;
};

/** Prepares plain or gzip files for reading. Throws if a file is missing, before anything is written. */
export async function openFiles(paths: string[]): Promise<OpenedFiles> {
  let read = 0;
  let bytes = 0;
  const hash = createHash('sha256');
  const files: ImportFile[] = [];
  for (const path of paths) {
    const stats = await stat(path).catch(() => null);
    if (!stats?.isFile()) throw new DomainError('NOT_FOUND', `File not found: ${path}.`);
    const head = await readHead(path);
    hash.update(`${basename(path)}\n${stats.size}\n`).update(head);
    bytes += stats.size;
    const isGzip = head[0] === 0x1f && head[1] === 0x8b;
    files.push({
      path,
      open: () => {
        const raw = createReadStream(path, { highWaterMark: 1 << 18 });
        raw.on('data', (chunk) => {
          read += chunk.length;
        });
        return isGzip ? unzipped(raw, path) : raw;
      },
    });
  }
  const rewind = () => {
    read = 0;
  };
  return { files, bytes, bytesRead: () => read, rewind, fingerprint: hash.digest('hex').slice(0, 32) };
}

async function* unzipped(raw: Readable, path: string): AsyncGenerator<Buffer> {
  try {
    yield* pipeline(raw, createGunzip(), () => undefined);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError('INVALID_INPUT', `Cannot decompress ${path} (${reason}). The file may be incomplete.`);
  }
}

// Enough bytes to distinguish files of the same name and size.
async function readHead(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
