import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  cyclesOf,
  type Graph,
  graphOf,
  importsWithin,
  longest,
  longestPaths,
  roomOf,
  sourceFiles,
} from '../scripts/import-graph.ts';

// A room is a folder directly in src, or a file directly in src. All manifests (`domain.ts` of each domain, `domains.ts`
// and `manifest.ts`) are one room at the bottom: they are plain data, which any room may read.
const maxLevels = 10;

const files = sourceFiles();
const imports = importsWithin(files);
const byFile = graphOf(files, imports, (file) => file);
const byRoom = graphOf(files, imports, roomOf);

it('prints the size of the import graph', () => {
  const dynamic = imports.filter(({ isDynamic }) => isDynamic).map(({ from, to }) => `${from} → ${to}`);
  const cycles = cyclesOf(byFile).length + cyclesOf(byRoom).length;
  const levels = cycles === 0 ? longest([...longestPaths(byRoom).values()]).length : 'unknown';
  const counts = `${files.length} files, ${imports.length} imports, ${cycles} cycles, ${levels} levels of folders`;
  console.info(`src: ${counts}. Counted too: ${dynamic.length} import() (${dynamic.join(', ')}).`);

  expect(files.length).toBeGreaterThan(300);
  expect(imports.length).toBeGreaterThan(1_000);
});

it('has no cycle between files', () => {
  expect(cyclesOf(byFile).map((cycle) => cycle.join(' → '))).toEqual([]);
});

it('has no cycle between rooms', () => {
  expect(cyclesOf(byRoom).map(named)).toEqual([]);
});

it(`has at most ${maxLevels} levels of rooms`, () => {
  if (cyclesOf(byRoom).length > 0) throw new Error('Levels are unknown while rooms form a cycle.');
  const path = longest([...longestPaths(byRoom).values()]);

  expect(path.length > maxLevels ? named(path) : '').toBe('');
});

it('shows the level of each room in docs/architecture.md', () => {
  const rows = [...readFileSync('docs/architecture.md', 'utf8').matchAll(/^\| (\d+) +\| (.+?) *\|$/gm)];
  const documented = rows.flatMap(([, level, names = '']) =>
    [...names.replace(/the manifests.*/, '`manifests`').matchAll(/`([^`]+)`/g)].map(([, name]) => `${level} ${name}`),
  );
  const levels = [...longestPaths(byRoom)].map(([room, path]) => `${path.length} ${room}`);

  expect(documented.sort()).toEqual(levels.sort());
});

it('keeps manifests free of imports', () => {
  expect([...(byRoom.get('manifests') ?? [])]).toEqual([]);
});

it.each<[string, Record<string, string[]>, string[]]>([
  ['no cycle', { a: ['b', 'c'], b: ['c'], c: [] }, []],
  ['a cycle of two', { a: ['b'], b: ['a'] }, ['a b a']],
  ['a cycle behind another node', { a: ['b'], b: ['c'], c: ['d'], d: ['b'] }, ['b c d b']],
  ['two cycles', { a: ['b', 'c'], b: ['a'], c: ['d'], d: ['c'] }, ['a b a', 'c d c']],
])('finds %s', (_case, edges, cycles) => {
  expect(cyclesOf(graphFrom(edges)).map((cycle) => cycle.join(' '))).toEqual(cycles);
});

it('measures the longest path, not the first', () => {
  expect(longestPaths(graphFrom({ main: ['lib', 'db'], db: ['lib'], lib: [] })).get('main')).toEqual([
    'main',
    'db',
    'lib',
  ]);
});

function graphFrom(edges: Record<string, string[]>): Graph {
  return new Map(Object.entries(edges).map(([node, targets]) => [node, new Set(targets)]));
}

/** Names a path of rooms, with a file for each step. */
function named(rooms: string[]): string {
  return rooms
    .slice(1)
    .map((to, i) => {
      const step = imports.find((each) => roomOf(each.from) === rooms[i] && roomOf(each.to) === to);
      return `${rooms[i]} → ${to} (${step?.from} imports ${step?.to})`;
    })
    .join(', ');
}
