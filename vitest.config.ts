import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: [
      // The package's two builds would otherwise both load, and every instanceof fail.
      { find: /^graphql$/, replacement: 'graphql/index.js' },
      { find: /^@rapport\/sdk\/(\w+)$/, replacement: `${new URL('sdk/src/', import.meta.url).pathname}$1.ts` },
      { find: /^@rapport\/sdk$/, replacement: new URL('sdk/src/index.ts', import.meta.url).pathname },
    ],
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'sdk/**/*.test.ts'],
    globalSetup: 'test/global-setup.ts',
    setupFiles: 'test/setup.ts',
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A thread starts and loads the modules of a test file faster than a process.
    pool: 'threads',
    maxWorkers: 2,
    env: { NODE_ENV: 'test' },
  },
});
