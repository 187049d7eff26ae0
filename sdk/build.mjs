// Builds ES modules in as few files as possible, because each file takes time to load, and CommonJS file by file, both
// with types. Shared modules ensure that a class is the same class in every subpath.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { minifyIntrospection, preprocessIntrospection } from '@gql.tada/internal';
import { build } from 'esbuild';
import { buildSchema, introspectionFromSchema } from 'graphql';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const modules = Object.values(exports)
  .flatMap((entry) => /^\.\/dist\/esm\/(.+)\.js$/.exec(entry.import?.default)?.[1] ?? [])
  .filter((name) => name !== 'introspection');

rmSync('dist', { recursive: true, force: true });
compile('dist/esm', '--emitDeclarationOnly');
// Shared modules are bundled into one file, which the others import.
const owners = {
  'client.ts': 'core',
  'document.ts': 'core',
  'error.ts': 'core',
  'paginate.ts': 'paginate',
  'generated/operations.ts': 'ops',
};
const core = ['client', 'document', 'error'].map((name) => `export * from './src/${name}.ts';`).join('\n');
await bundle('core', { stdin: { contents: core, resolveDir: '.' } });
for (const name of modules) await bundle(name, { entryPoints: [`src/${name}.ts`] });
compile('dist/cjs', '--module', 'commonjs', '--moduleResolution', 'bundler', '--verbatimModuleSyntax', 'false');
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');
copySchema();

function bundle(name, entry) {
  const elsewhere = (build) =>
    build.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const owner = owners[relative('src', resolve(resolveDir, path))];
      return owner === undefined || owner === name ? undefined : { path: `./${owner}.js`, external: true };
    });
  return build({
    ...entry,
    outfile: `dist/esm/${name}.js`,
    plugins: [{ name: 'elsewhere', setup: elsewhere }],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    logLevel: 'warning',
  });
}

function compile(folder, ...options) {
  const given = ['tsc', '-p', 'tsconfig.build.json', '--outDir', folder, ...options];
  execFileSync('npx', given, { stdio: 'inherit' });
  // TypeScript rewrites these paths in code but not in declarations, where older versions cannot resolve them.
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
    const path = `${folder}/${file}`;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/(from '\..*)\.ts'/g, "$1.js'"));
  }
}

// For tools: the schema as text, as an introspection result, and as types for gql.tada.
function copySchema() {
  copyFileSync('../schema.graphql', 'dist/schema.graphql');
  const introspection = introspectionFromSchema(buildSchema(readFileSync('../schema.graphql', 'utf8')));
  const json = JSON.stringify(introspection);
  writeFileSync('dist/esm/introspection.js', `export const introspection = ${json};\n`);
  writeFileSync('dist/cjs/introspection.js', `exports.introspection = ${json};\n`);
  const declarations = [
    '/** The schema as the result of an introspection query. */',
    '// Has the shape of `IntrospectionQuery` from graphql, but does not require its types.',
    'export declare const introspection: { readonly __schema: any };',
    '/** The schema as types, for gql.tada: `initGraphQLTada<{ introspection: Introspection; scalars: Scalars }>()`. */',
    `export type Introspection = ${preprocessIntrospection(minifyIntrospection(introspection))};`,
    "export type { Scalars } from './generated/types.js';",
    '',
  ].join('\n');
  for (const kind of ['esm', 'cjs']) writeFileSync(`dist/${kind}/introspection.d.ts`, declarations);
}
