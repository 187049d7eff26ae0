import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a bundler makes of a module for a browser; packages are looked for from `resolveDir`. */
export async function bundle(contents: string, resolveDir = process.cwd()): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

export function kilobytes(code: string): number {
  return gzipSync(code, { level: 9 }).length / 1_000;
}

/** Names of all operations of the package. */
export const operationNames = [
  ...readFileSync('src/generated/operations.ts', 'utf8').matchAll(/^export const (\w+)/gm),
].map(([, name = '']) => name);

/** The operations that a bundle holds, other than the one it is to. */
export function foreignOperations(bundled: string, own: string): string[] {
  const isHeld = (name: string) => new RegExp(`(query|mutation) ${name}\\b`).test(bundled);
  return operationNames.filter((name) => name !== own && isHeld(name));
}

/** Milliseconds, the least of eleven new processes that import a file, less the least of as many that import nothing. */
export function coldImport(path: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-import-'));
  const empty = join(folder, 'empty.mjs');
  const timing = join(folder, 'timing.mjs');
  writeFileSync(empty, '');
  writeFileSync(
    timing,
    'const s = performance.now(); await import(process.argv[2]); console.log(performance.now() - s);',
  );
  const least = (file: string) =>
    Math.min(...Array.from({ length: 11 }, () => Number(execFileSync(process.execPath, [timing, file]).toString())));
  const ms = least(path) - least(empty);
  rmSync(folder, { recursive: true });
  return ms;
}
