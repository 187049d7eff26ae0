import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export type Import = { from: string; to: string; isDynamic: boolean };

// Prisma writes this client, and its files import each other. It counts as one file.
const prismaClient = 'src/db/generated/prisma/client.ts';

/** The files of `src` without tests. */
export function sourceFiles(): string[] {
  const names = readdirSync('src', { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => /\.ts$/.test(name) && !/\.(test|d)\.ts$/.test(name));
  return [...new Set(files.map((name) => asOneFile(join('src', name))))].sort();
}

/** All imports between files of `src`, including imports of types, re-exports and `import()`. */
export function importsWithin(files: string[]): Import[] {
  return files.filter((file) => file !== prismaClient).flatMap(importsOf);
}

function importsOf(from: string): Import[] {
  const text = readFileSync(from, 'utf8');
  return [...text.matchAll(/(\bfrom |\bimport |\bimport\(\s*)['"](\.[^'"]+)['"]/g)].flatMap(
    ([, kind = '', path = '']) => {
      const target = normalize(join(dirname(from), path));
      if (!target.startsWith('src/')) return [];
      if (!existsSync(target)) throw new Error(`${from} imports ${target}, which does not exist.`);
      return [{ from, to: asOneFile(target), isDynamic: kind.includes('(') }];
    },
  );
}

function asOneFile(file: string): string {
  return file.startsWith(dirname(prismaClient)) ? prismaClient : file;
}

/**
 * Returns the room of a file. Each folder in `src` is a room, and each file directly in `src` is one too. The manifests
 * form one room: `manifest.ts`, `domains.ts` and the `domain.ts` of each domain. They contain data and no code, and
 * import only each other, so every folder may read the manifest of every domain.
 */
export function roomOf(file: string): string {
  const [, room = '', ...rest] = file.split('/');
  const isManifest = ['manifest.ts', 'domains.ts'].includes(room) || (rest.length === 1 && rest[0] === 'domain.ts');
  return isManifest ? 'manifests' : room;
}

export type Graph = Map<string, Set<string>>;

/** Builds a graph of nodes, which `nodeOf` names. Edges within a node are left out. */
export function graphOf(files: string[], imports: Import[], nodeOf: (file: string) => string): Graph {
  const graph: Graph = new Map(files.map((file) => [nodeOf(file), new Set()]));
  for (const { from, to } of imports) if (nodeOf(from) !== nodeOf(to)) graph.get(nodeOf(from))?.add(nodeOf(to));
  return graph;
}

/** Returns one cycle for each node that is first found to lead back to itself, as a path that ends where it starts. */
export function cyclesOf(graph: Graph): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (node: string, path: string[]) => {
    if (path.includes(node)) cycles.push([...path.slice(path.indexOf(node)), node]);
    if (path.includes(node) || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return cycles;
}

/** Returns the longest path down from each node. Its length is the level of the node. The graph must have no cycle. */
export function longestPaths(graph: Graph): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  const from = (node: string): string[] => {
    const known = paths.get(node);
    if (known) return known;
    const path = [node, ...longest([...(graph.get(node) ?? [])].map(from))];
    paths.set(node, path);
    return path;
  };
  for (const node of graph.keys()) from(node);
  return paths;
}

export function longest(paths: string[][]): string[] {
  return paths.reduce((most, path) => (path.length > most.length ? path : most), []);
}
