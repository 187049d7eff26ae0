// What the package promises in figures, each with its bound: npm run -w @rapport/sdk gates. Ends with 1 where one is broken;
// with `--untimed` whatever the clock says, which on a machine that others use too is not the package's.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { publint } from 'publint';

type Gate = { name: string; figure: number; atMost: number; unit: '' | 'KB' | 'ms' };

const isTimed = !process.argv.includes('--untimed');

const one = `import { createClient } from '@rapport/sdk'; import { PurchaseHistory } from '@rapport/sdk/ops';
  export const orders = (o) => createClient(o).request(PurchaseHistory, { by: { email: 'a@b.co' } });`;
const facade = `export { createApi } from '@rapport/sdk/api';`;

const operations = readFileSync('src/generated/operations.ts', 'utf8').match(/^export const \w+/gm) ?? [];
const names = operations.map((line) => line.slice('export const '.length));
const bundled = await bundle(one);
const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8'));

const gates: Gate[] = [
  { name: 'core with one operation, gzip', figure: kilobytes(bundled), atMost: 2.6, unit: 'KB' },
  { name: 'facade with all operations, gzip', figure: kilobytes(await bundle(facade)), atMost: 9, unit: 'KB' },
  {
    name: 'other operations in a bundle of one',
    figure: names.filter(
      (name) => name !== 'PurchaseHistory' && new RegExp(`(query|mutation) ${name}\\b`).test(bundled),
    ).length,
    atMost: 0,
    unit: '',
  },
  {
    name: 'runtime dependencies',
    figure: Object.keys({ ...dependencies, ...peerDependencies }).length,
    atMost: 0,
    unit: '',
  },
  {
    name: 'problems that publint finds, strictly',
    figure: (await publint({ strict: true })).messages.length,
    atMost: 0,
    unit: '',
  },
  { name: 'problems that attw finds, node10 to bundler', figure: typeProblems(), atMost: 0, unit: '' },
  { name: 'cold import of the core, over an empty module', figure: coldImport('index'), atMost: 3, unit: 'ms' },
  { name: 'cold import of the facade, over an empty module', figure: coldImport('api'), atMost: 5, unit: 'ms' },
];

for (const { name, figure, atMost, unit } of gates) {
  const verdict = figure <= atMost ? 'held' : 'BROKEN';
  console.log(
    `${verdict.padEnd(7)}${name.padEnd(52)}${figure.toFixed(2).padStart(7)} ${unit.padEnd(3)} at most ${atMost}`,
  );
}
if (gates.some(({ figure, atMost, unit }) => figure > atMost && (isTimed || unit !== 'ms'))) process.exit(1);

/** What a bundler makes of a module for a browser. */
async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
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

/** Ways of resolving a module, from the oldest, in which its types are not found or are not those of its code. */
function typeProblems(): number {
  const { status, stdout } = spawnSync('npx', ['attw', '--pack', '.', '--format', 'json'], { encoding: 'utf8' });
  const { problems } = JSON.parse(stdout).analysis;
  return Math.max(problems.length, status ?? 1);
}

function kilobytes(code: string): number {
  return gzipSync(code, { level: 9 }).length / 1_000;
}

/** Milliseconds, the least of eleven new processes that import it, less the least of as many that import nothing. */
function coldImport(entry: string): number {
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
  const ms = least(join(process.cwd(), `dist/esm/${entry}.js`)) - least(empty);
  rmSync(folder, { recursive: true });
  return ms;
}
