// ES modules in as few files as there can be, since each takes its time to load, and CommonJS file by file; a class is one
// class whichever subpath it comes through. Each with its types.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
compile('dist/esm', '--emitDeclarationOnly');
await build({
  entryPoints: ['index', 'api', 'ops', 'ops-hash', 'paginate', 'persisted'].map((name) => `src/${name}.ts`),
  outdir: 'dist/esm',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  logLevel: 'warning',
});
compile('dist/cjs', '--module', 'commonjs', '--moduleResolution', 'bundler', '--verbatimModuleSyntax', 'false');
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');

function compile(folder, ...options) {
  const given = ['tsc', '-p', 'tsconfig.build.json', '--outDir', folder, ...options];
  execFileSync('npx', given, { stdio: 'inherit' });
  // What TypeScript rewrites in code it leaves in declarations, where older ones do not find it.
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
    const path = `${folder}/${file}`;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/(from '\..*)\.ts'/g, "$1.js'"));
  }
}
