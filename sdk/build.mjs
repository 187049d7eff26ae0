// ES modules in as few files as there can be, since each takes its time to load, and CommonJS file by file; a class is one
// class whichever subpath it comes through. Each with its types.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { buildSchema, introspectionFromSchema } from 'graphql';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const modules = Object.values(exports)
  .flatMap((entry) => /^\.\/dist\/esm\/(.+)\.js$/.exec(entry.import?.default)?.[1] ?? [])
  .filter((name) => name !== 'introspection');

rmSync('dist', { recursive: true, force: true });
compile('dist/esm', '--emitDeclarationOnly');
await build({
  entryPoints: modules.map((name) => `src/${name}.ts`),
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
copySchema();

function compile(folder, ...options) {
  const given = ['tsc', '-p', 'tsconfig.build.json', '--outDir', folder, ...options];
  execFileSync('npx', given, { stdio: 'inherit' });
  // What TypeScript rewrites in code it leaves in declarations, where older ones do not find it.
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
    const path = `${folder}/${file}`;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/(from '\..*)\.ts'/g, "$1.js'"));
  }
}

// For tools: as text, and as an introspection query answers it.
function copySchema() {
  copyFileSync('../schema.graphql', 'dist/schema.graphql');
  const introspection = JSON.stringify(introspectionFromSchema(buildSchema(readFileSync('../schema.graphql', 'utf8'))));
  writeFileSync('dist/esm/introspection.js', `export const introspection = ${introspection};\n`);
  writeFileSync('dist/cjs/introspection.js', `exports.introspection = ${introspection};\n`);
  const type = '{ __schema: { types: { kind: string; name: string }[] } & Record<string, unknown> }';
  const declaration = `/** The schema as an introspection query answers it. */\nexport declare const introspection: ${type};\n`;
  for (const kind of ['esm', 'cjs']) writeFileSync(`dist/${kind}/introspection.d.ts`, declaration);
}
