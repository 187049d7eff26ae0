import { expect, it } from 'vitest';
import { readClient, readConfig } from '../src/cli/config.ts';
import { defaultLimits } from '../src/lib/limits.ts';

it('requires no variables', () => {
  expect(readConfig({})).toEqual({
    databaseUrl: null,
    dataDir: '.rapport',
    port: 4000,
    host: '127.0.0.1',
    isProduction: false,
    logLevel: 'info',
    corsOrigins: [],
    publicUrls: [],
    maxBodyBytes: 1_000_000,
    queryTimeoutMs: 10_000,
    onlyTrustedDocuments: false,
    limits: defaultLimits,
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
  ['RAPPORT_MAX_COST', 'none'],
  ['RAPPORT_MAX_DEPTH', '0'],
  ['RAPPORT_DOCUMENTS', 'all'],
  ['RAPPORT_CORS_ORIGINS', '*'],
  ['RAPPORT_CORS_ORIGINS', 'https://app.example/path'],
  ['RAPPORT_PUBLIC_URLS', 'crm.example'],
])('rejects %s=%s by name', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(name);
});

it('reads the variables of a client, which the server ignores', () => {
  const [key, customerId] = ['rapport_of_a_client', 'customer_01h455vb4pex5vsknk084sn02q'];
  const environment = { RAPPORT_KEY: key, RAPPORT_CUSTOMER: customerId };

  expect(readConfig(environment)).toEqual(readConfig({}));
  expect(readClient(environment)).toEqual({ key, customerId });
  expect(readClient({ RAPPORT_KEY: key })).toEqual({ key, customerId: null });
  for (const malformed of ['', ' ', 'ada@example.com', 'order_01h455vb4pex5vsknk084sn02q'])
    expect(() => readClient({ ...environment, RAPPORT_CUSTOMER: malformed })).toThrow(
      'RAPPORT_CUSTOMER must be the ID',
    );
});

it('reads a list of origins, and limits by name', () => {
  const { corsOrigins, limits } = readConfig({
    RAPPORT_CORS_ORIGINS: 'https://app.example, http://localhost:5173',
    RAPPORT_MAX_ALIASES: '3',
  });

  expect(corsOrigins).toEqual(['https://app.example', 'http://localhost:5173']);
  expect(limits).toEqual({ ...defaultLimits, aliases: 3 });
});
