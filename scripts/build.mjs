// One file for each entry and what they share: Node reads few files where it would resolve two thousand, which takes a
// sixth off every start. What stays outside brings files of its own (WebAssembly, a page) or is not there (pg-native).
// Written to dist/, or to the folder that is named.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

const [outdir = 'dist'] = process.argv.slice(2);
rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: ['src/main.ts', 'src/cli/rapport.ts'],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['@electric-sql/pglite', '@prisma/schema-engine-wasm', '@graphql-yoga/render-graphiql', 'pg-native'],
  // CommonJS packages inside an ES module still ask for Node's own modules by `require`.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
  logLevel: 'warning',
});
