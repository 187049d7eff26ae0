import { expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';

it('needs no variable at all', () => {
  expect(readConfig({})).toEqual({
    databaseUrl: null,
    dataDir: '.rapport',
    port: 4000,
    host: '127.0.0.1',
    isProduction: false,
    logLevel: 'info',
  });
});

it.each([
  ['PORT', 'http'],
  ['PORT', '70000'],
  ['DATABASE_URL', 'mysql://localhost'],
  ['NODE_ENV', 'staging'],
  ['LOG_LEVEL', 'loud'],
  ['HOST', ''],
  ['RAPPORT_DATADIR', '/tmp'],
])('refuses %s=%s by name', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(name);
});
