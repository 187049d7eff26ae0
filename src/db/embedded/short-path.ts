import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

// The shortest limit of an operating system: 104 bytes on macOS, with a zero at the end.
const longestSocketPath = 103;

/** Gives the path of a socket to `use`, which must be done with it when it returns. Through a link if it is too long. */
export function withShortPath<T>(path: string, use: (path: string) => T): T {
  if (Buffer.byteLength(path) <= longestSocketPath) return use(path);
  const folder = mkdtempSync(join(tmpdir(), 'rapport-'));
  try {
    const link = join(folder, 'data');
    symlinkSync(resolve(dirname(path)), link);
    return use(join(link, basename(path)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
