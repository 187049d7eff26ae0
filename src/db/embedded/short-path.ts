import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

// The smallest limit of any operating system: 104 bytes on macOS, including a terminating zero.
const longestSocketPath = 103;

/**
 * Passes a usable socket path to `use`: a temporary symbolic link if the path is too long. `use` must finish with it
 * before it returns.
 */
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
