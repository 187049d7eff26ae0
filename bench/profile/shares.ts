import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type Frame = { functionName: string; url: string; lineNumber: number };

/** A CPU profile as V8 writes it. Times are in microseconds. */
export type Profile = {
  nodes: { id: number; callFrame: Frame }[];
  samples: number[];
  timeDeltas: number[];
};

/** Returns the share of each part of the program in the CPU of the last seconds of a profile. */
export function sharesOf({ nodes, samples, timeDeltas }: Profile, seconds: number): Map<string, number> {
  const groups = new Map(nodes.map(({ id, callFrame }) => [id, groupOf(callFrame)]));
  const times = new Map<string, number>();
  let [total, ago] = [0, 0];
  for (let i = samples.length - 1; i >= 0 && ago < seconds * 1e6; i--) {
    const time = timeDeltas[i] ?? 0;
    const group = groups.get(samples[i] ?? 0) ?? null;
    ago += time;
    if (group === null) continue;
    total += time;
    times.set(group, (times.get(group) ?? 0) + time);
  }
  return new Map([...times].map(([group, time]) => [group, time / total]));
}

// Null if the process was idle.
function groupOf({ functionName, url, lineNumber }: Frame): string | null {
  if (functionName === '(idle)') return null;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === 'writev') return 'system calls to send';
  if (url.startsWith('node:')) return 'Node: HTTP, streams, timers, crypto';
  if (!url.startsWith('file:')) return 'V8 and other native code';
  const module = moduleAt(fileURLToPath(url), lineNumber);
  const [, library] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(module) ?? [];
  if (library?.startsWith('pg')) return 'pg, the PostgreSQL driver';
  if (library === 'graphql') return 'graphql-js';
  if (library) return 'other libraries';
  const [, folder = ''] = /^src\/([^/]+)\//.exec(module) ?? [];
  return folder in parts ? `${parts[folder]}: \`src/${folder}\`` : 'domains and the rest of `src`';
}

const parts: Record<string, string> = {
  server: 'engine and transport',
  query: 'query compiler and serializer',
  graphql: 'schema, cost and execution',
  db: 'connections and transactions',
};

// esbuild marks where each module begins in a bundle.
function moduleAt(file: string, line: number): string {
  const lines = linesOf(file);
  for (let i = line; i >= 0; i--) {
    const [, module] = /^(?:\/\/ | {2}")(\S+\.[cm]?[jt]s)(?:$|"\()/.exec(lines[i] ?? '') ?? [];
    if (module) return module;
  }
  return '';
}

const read = new Map<string, string[]>();

function linesOf(file: string): string[] {
  const lines = read.get(file) ?? readFileSync(file, 'utf8').split('\n');
  read.set(file, lines);
  return lines;
}
