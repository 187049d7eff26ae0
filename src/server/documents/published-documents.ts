import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../lib/process/package-root.ts';

let known: ReadonlyMap<string, string> | null = null;

/** Returns the operations of the SDK by ID, for the current version and all published ones. */
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
