// Bundles each entry point into one file, plus a file of shared code. Node would otherwise resolve two thousand files,
// which makes every start a sixth slower. External packages bring their own files (WebAssembly, a page) or are not
// installed (pg-native). Writes to dist/, or to the folder given as an argument. More arguments are other entry points.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { build } from 'esbuild';

const [outdir = 'dist', ...others] = process.argv.slice(2);
rmSync(outdir, { recursive: true, force: true });

// Prisma ships its query compiler as Base64 inside a module, which stays in memory beside the compiled code. This writes
// it to a file instead, which is read when a client starts: `Buffer.from` takes the value of an object.
const queryCompilerInFile = {
  name: 'query-compiler-in-file',
  setup({ onLoad }) {
    onLoad({ filter: /query_compiler_small_bg\.postgresql\.wasm-base64\.mjs$/ }, async ({ path }) => {
      const { wasm } = await import(path);
      mkdirSync(outdir, { recursive: true });
      writeFileSync(`${outdir}/query-compiler.wasm`, Buffer.from(wasm, 'base64'));
      return {
        contents: `import { readFileSync } from 'node:fs';
          const file = new URL('./query-compiler.wasm', import.meta.url);
          export const wasm = { valueOf: () => readFileSync(file) };`,
      };
    });
  },
};

// Prisma keeps the last hundred messages for debugging, in case it crashes: every statement with its values, which are
// personal data, and 2 MB. It has one copy of this code in its client, and another in its adapter.
const withoutQueryHistory = {
  name: 'without-query-history',
  setup({ onLoad }) {
    onLoad({ filter: /@prisma\/(client\/runtime\/client|debug\/dist\/index)\.m?js$/ }, ({ path }) => {
      const parts = readFileSync(path, 'utf8').split(/\b\w+\.push\(\[\w+, ?\.\.\.\w+\]\)/);
      if (parts.length !== 2) throw new Error(`${path} keeps its messages in another way.`);
      return { contents: parts.join('undefined') };
    });
  },
};

const { outputFiles } = await build({
  entryPoints: others.length > 0 ? others : ['src/main.ts', 'src/cli/rapport.ts'],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // A CommonJS package is bundled whole. This one has an ES module too, of which half is unused.
  alias: { graphql: 'graphql/index.mjs' },
  inject: ['scripts/fetch-classes.mjs'],
  external: ['@electric-sql/pglite', '@prisma/schema-engine-wasm', '@graphql-yoga/render-graphiql', 'pg-native'],
  // CommonJS packages inside an ES module still load Node's built-in modules with `require`.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
  plugins: [queryCompilerInFile, withoutQueryHistory],
  logLevel: 'warning',
  write: false,
});

// One character outside ASCII doubles the memory that V8 needs for a file. esbuild escapes these characters in strings,
// and leaves them in comments and regular expressions.
for (const { path, text } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
