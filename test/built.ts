import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { afterAll } from 'vitest';

/**
 * Builds the programs from source and deletes them after the tests of the file. Returns their folder, which is inside
 * node_modules so that they find packages. They start several times faster than with tsx.
 */
export function useBuilt(): string {
  mkdirSync('node_modules/.cache', { recursive: true });
  const folder = mkdtempSync('node_modules/.cache/rapport-built-');
  afterAll(() => rmSync(folder, { recursive: true }));
  execFileSync(process.execPath, ['scripts/build.mjs', folder]);
  return folder;
}

/** Waits until a server process prints its address. Returns that, and everything it printed. */
export async function untilReady(child: ChildProcess): Promise<{ output: string; url: string }> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  const exited = once(child, 'exit');
  while (!/^ready .*\n/m.test(output)) {
    await Promise.race([once(child.stdout as NodeJS.EventEmitter, 'data'), exited]);
    if (child.exitCode !== null) throw new Error(`The process exited with code ${child.exitCode}: ${output}`);
  }
  return { output, url: /^ready (.*)$/m.exec(output)?.[1] ?? '' };
}
