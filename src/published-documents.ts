import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './lib/package-root.ts';

let known: ReadonlyMap<string, string> | null = null;

/** The operations of the SDK, of every version that was published and of this one, by their ids. */
export function publishedDocuments(): ReadonlyMap<string, string> {
  known ??= new Map(manifests().flatMap((path) => Object.entries<string>(JSON.parse(readFileSync(path, 'utf8')))));
  return known;
}

function manifests(): string[] {
  const released = readdirSync(join(packageRoot, 'released'));
  return [
    ...released.map((version) => join(packageRoot, 'released', version, 'persisted.json')),
    join(packageRoot, 'sdk', 'persisted.json'),
  ];
}
