import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsWithin, roomOf, sourceFiles } from '../scripts/import-graph.ts';

// Which folder may import which, besides itself and the manifests. CONTRIBUTING.md has the same table.
// import-graph.test.ts forbids cycles, so this table only limits how far each folder reaches.
const base = ['graphql', 'query', 'db', 'lib'];
const foundations: Record<string, string[]> = {
  lib: [],
  // The compiler knows nothing of the rest, so that it could be published.
  query: [],
  db: ['lib'],
  graphql: ['query', 'db', 'lib'],
  // The tools of agents are a client of the API, in the same process.
  mcp: ['lib'],
};
// These folders use all domains, and what is listed here. The command line may import everything.
const consumers: Record<string, string[]> = {
  import: ['db', 'lib'],
  jobs: ['db', 'lib'],
  upgrade: ['db', 'lib'],
  sample: ['import', 'db', 'lib'],
  server: [...base, 'mcp'],
  cli: [],
};
// Every other folder is a domain, which knows the customers that its rows belong to. A few combine other domains.
const combined: Record<string, string[]> = {
  'customer-context': ['customer-value', 'orders', 'preferences', 'recommendations'],
  'customer-tokens': ['access'],
};

const folders = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const domains = folders.filter((name) => !(name in foundations || name in consumers));

function mayImport(folder: string, room: string): boolean {
  if (room === folder || folder === 'cli') return true;
  if (room === 'manifests') return folder !== 'query';
  if (folder in foundations) return foundations[folder]?.includes(room) ?? false;
  if (folder in consumers) return domains.includes(room) || (consumers[folder]?.includes(room) ?? false);
  return ['customers', ...base, ...(combined[folder] ?? [])].includes(room);
}

// Files that define the schema. All other files of a domain are rules, which know the database but not GraphQL. The rules
// are all that import, jobs, sample and upgrade may use.
const schemaFiles = /^(schema|[a-z-]+-schema|mutations|where|enums|input-types|value-type)\.ts$/;
const isSchemaFile = (file: string) => domains.includes(roomOf(file)) && schemaFiles.test(basename(file));
const knowsGraphql = [...Object.keys(foundations), 'server', 'cli'];

// Generated files connect every domain to the folder they are in.
const sources = sourceFiles().filter((file) => !file.includes('/generated/'));
const roomsFor = (file: string) => [...new Set(importsWithin([file]).map(({ to }) => roomOf(to)))];

describe.each(folders)('src/%s', (folder) => {
  const files = sources.filter((file) => roomOf(file) === folder);

  it.each(files)('%s imports only allowed modules', (file) => {
    expect(roomsFor(file).filter((room) => !mayImport(folder, room))).toEqual([]);
  });

  it.each(files.filter((file) => !knowsGraphql.includes(folder) && !isSchemaFile(file)))(
    '%s does not depend on GraphQL',
    (file) => {
      const targets = importsWithin([file]).map(({ to }) => to);
      const isGraphql = (target: string) => roomOf(target) === 'graphql' || isSchemaFile(target);

      expect(targets.filter(isGraphql)).toEqual([]);
    },
  );
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

it.each(readdirSync('src', { recursive: true, encoding: 'utf8' }))('%s has a meaningful name', (file) => {
  expect(file).not.toMatch(/\/(utils?|helpers?|types|common|misc|manager|index)\.ts$/);
});

it.each(sources)('%s separates tenants: no nested connect, no raw SQL strings', (file) => {
  const text = readFileSync(file, 'utf8');

  expect(text).not.toMatch(
    /\$(query|execute)RawUnsafe|Prisma\.raw\(|AsyncLocalStorage|connectOrCreate|\bconnect: \{|\bdisconnect:/,
  );
});
