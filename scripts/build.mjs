// Bundles each entry point into one file, plus a file of shared code. Node would otherwise resolve two thousand files,
// which makes every start a sixth slower. External packages bring their own files (WebAssembly, a page) or are not
// installed (pg-native). Writes to dist/, or to the folder given as an argument.
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
  // CommonJS packages inside an ES module still load Node's built-in modules with `require`.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
  logLevel: 'warning',
});
