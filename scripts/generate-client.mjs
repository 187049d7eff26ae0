// `prisma generate` looks for a schema engine and downloads one, but never runs it. Pointing it at any existing
// executable avoids the download. Migrations use the WASM build of the engine.
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
