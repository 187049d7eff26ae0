// ES modules and CommonJS, file by file, each with its types: a class is one class whichever subpath it comes through.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
compile('dist/esm');
compile('dist/cjs', '--module', 'commonjs', '--moduleResolution', 'bundler', '--verbatimModuleSyntax', 'false');
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');

function compile(folder, ...options) {
  const arguments_ = ['tsc', '-p', 'tsconfig.build.json', '--outDir', folder, ...options];
  execFileSync('npx', arguments_, { stdio: 'inherit' });
  // What TypeScript rewrites in code it leaves in declarations, where older ones do not find it.
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
    const path = `${folder}/${file}`;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/(from '\..*)\.ts'/g, "$1.js'"));
  }
}
