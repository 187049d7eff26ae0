import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

// Which folder may import which. CONTRIBUTING.md has the same table.
const below = ['graphql', 'query', 'db', 'lib'];
const allowed: Record<string, string[]> = {
  lib: [],
  // The compiler knows nothing of the rest, so that it could be published.
  query: [],
  db: ['lib'],
  graphql: ['query', 'db', 'lib'],
  access: below,
  audit: below,
  server: ['access', ...below],
  customers: ['access', ...below],
  products: ['customers', 'access', ...below],
  orders: ['products', 'customers', 'access', ...below],
  preferences: ['customers', 'access', ...below],
  interactions: ['orders', 'customers', 'access', ...below],
  cases: ['interactions', 'orders', 'customers', 'access', ...below],
  feedback: ['cases', 'interactions', 'orders', 'customers', 'access', ...below],
  privacy: ['orders', 'customers', 'access', ...below],
  timeline: below,
  'customer-context': ['feedback', 'cases', 'interactions', 'preferences', 'orders', 'customers', ...below],
  import: [
    'feedback',
    'cases',
    'interactions',
    'preferences',
    'orders',
    'products',
    'customers',
    'access',
    'db',
    'lib',
  ],
  jobs: ['customer-context', 'privacy', 'db', 'lib'],
  sample: ['import', 'customer-context', 'access', 'db', 'lib'],
  upgrade: ['orders', 'products', 'customers', 'access', 'db', 'lib'],
};

// What the domains say about themselves, which every folder may read.
const isManifest = (file: string) => /^(manifest|domains|[a-z-]+\/domain)\.ts$/.test(file);

// Files that define the schema. All other files of a domain are rules, which know the database but not GraphQL.
const schemaFiles = /^(schema|[a-z-]+-schema|mutations|where|enums|input-types|value-type)\.ts$/;

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.includes('generated'),
);

describe.each(Object.entries(allowed))('src/%s', (folder, targets) => {
  const files = sources.filter((file) => file.startsWith(`${folder}/`) && !file.endsWith('.test.ts'));

  it.each(files)('%s imports only allowed modules', (file) => {
    const outside = importsOf(join('src', file)).filter((target) => target !== folder);

    expect([folder, ...targets]).toEqual(expect.arrayContaining(outside));
  });

  it.each(
    files.filter(
      (file) =>
        !['lib', 'db', 'query', 'graphql', 'server'].includes(folder) && !schemaFiles.test(file.split('/').pop() ?? ''),
    ),
  )('%s does not depend on GraphQL', (file) => {
    expect(importsOf(join('src', file))).not.toContain('graphql');
  });
});

it.each(sources.filter(isManifest))('%s is data that imports no code', (file) => {
  const imports = readFileSync(join('src', file), 'utf8').matchAll(/ from '([^']+)'/g);

  expect(
    [...imports].map(([, path = '']) => path).filter((path) => !/^\.\.?\/(manifest|[a-z-]+\/domain)\.ts$/.test(path)),
  ).toEqual([]);
});

it('has a row for every folder except the command line', () => {
  const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());

  expect(folders.map(({ name }) => name).sort()).toEqual([...Object.keys(allowed), 'cli'].sort());
});

it('keeps the SDK independent of the server', () => {
  const files = ['src', 'test', 'codegen'].flatMap((folder) =>
    readdirSync(join('sdk', folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join('sdk', folder, file)),
  );

  expect(files.length).toBeGreaterThan(15);
  expect(files.filter((file) => /'(\.\.\/)+(src|test)\//.test(readFileSync(file, 'utf8')))).toEqual([]);
});

it.each(sources)('%s has a meaningful name', (file) => {
  expect(file).not.toMatch(/\/(utils?|helpers?|types|common|misc|manager|index)\.ts$/);
});

it.each(sources.filter((file) => !file.endsWith('.test.ts')))(
  '%s separates tenants: no nested connect, no raw SQL strings',
  (file) => {
    const text = readFileSync(join('src', file), 'utf8');

    expect(text).not.toMatch(
      /\$(query|execute)RawUnsafe|Prisma\.raw\(|AsyncLocalStorage|connectOrCreate|\bconnect: \{|\bdisconnect:/,
    );
  },
);

function importsOf(file: string): string[] {
  const paths = [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'|import '(\.[^']+)'/g)].map(
    ([, from, bare]) => from ?? bare ?? '',
  );
  return paths
    .map((path) => normalize(join(dirname(file), path)).split('/'))
    .filter(([root, ...path]) => root === 'src' && !isManifest(path.join('/')))
    .map(([, folder = '']) => folder);
}
