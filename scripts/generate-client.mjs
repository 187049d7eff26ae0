// `prisma generate` looks for a schema engine and downloads one; it never runs it. Pointing it at any
// existing executable keeps the install free of downloads (migrations use the WASM build of the engine).
import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';

const { status } = spawnSync(process.execPath, ['node_modules/prisma/build/index.js', 'generate', '--no-hints'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    ...process.env,
    PATH: `node_modules/.bin${delimiter}${process.env.PATH}`,
  },
});
process.exit(status ?? 1);
