import { join } from 'node:path';
import { createApiKey } from '../access/api-keys.ts';
import { readScopes } from '../access/scopes.ts';
import { createWorkspace, listWorkspaces } from '../access/workspaces.ts';
import type { Database } from '../db/database.ts';
import { jsonl } from '../import/formats/jsonl.ts';
import { onlineRetail } from '../import/formats/online-retail.ts';
import { tauRetail } from '../import/formats/tau-retail.ts';
import { importFiles } from '../import/import.ts';
import { DomainError } from '../lib/errors.ts';
import { piiScopes } from '../lib/pii.ts';
import { packageRoot } from '../lib/process/package-root.ts';
import { setOrderPolicy } from '../orders/actions/policies.ts';
import { computeRfmBounds } from '../orders/statistics/rfm.ts';

const sampleFolder = join(packageRoot, 'sample');

const workspaces = [
  {
    slug: 'retail',
    name: 'Retail demo',
    defaultCountry: 'US',
    orderPolicy: 'retail',
    imports: [
      {
        format: tauRetail,
        source: 'tau-retail',
        files: ['users.json.gz', 'products.json.gz', 'orders.json.gz', 'conversations-40.jsonl.gz'],
        undatedAt: new Date('2026-01-01T09:00:00Z'),
      },
      // A customer with a long history.
      { format: jsonl, source: 'demo', files: ['sofia.jsonl'], undatedAt: null },
    ],
  },
  {
    slug: 'giftshop',
    name: 'Gift shop demo',
    defaultCountry: 'GB',
    orderPolicy: null,
    imports: [
      { format: onlineRetail, source: 'online-retail', files: ['online-retail-2010-12.csv.gz'], undatedAt: null },
    ],
  },
];

export type LoadedSample = { slug: string; secret: string }[];

/**
 * Creates the demo workspaces that `existing` lacks, with the bundled data and a read-only key for each. If
 * another process has created one of them since, leaves the rest to that process.
 */
export async function loadSample(
  database: Database,
  existing: { slug: string }[],
  say: (line: string) => void,
): Promise<LoadedSample> {
  const loaded: LoadedSample = [];
  for (const { slug, name, defaultCountry, orderPolicy, imports } of workspaces) {
    if (existing.some((each) => each.slug === slug)) continue;
    say(`loading the demo workspace ${slug} …`);
    const id = await makeWorkspace(database, { slug, name, defaultCountry });
    if (id === null) return loaded;
    const db = database.forWorkspace(id);
    for (const { files, ...each } of imports) {
      const paths = files.map((file) => join(sampleFolder, slug, file));
      await importFiles(db, { ...each, paths, isDryRun: false, rejectsPath: null });
    }
    await computeRfmBounds(db);
    if (orderPolicy) await setOrderPolicy(db, { shipped: orderPolicy });
    const { secret } = await createApiKey(db, { name: 'demo', scopes: [...readScopes, ...Object.values(piiScopes)] });
    loaded.push({ slug, secret });
  }
  return loaded;
}

/** Creates a key for each demo workspace that GraphiQL sends with its examples. The keys expire after a day. */
export async function createExampleKeys(database: Database): Promise<LoadedSample> {
  const existing = await listWorkspaces(database);
  const expiresAt = new Date(Date.now() + 86_400_000);
  const scopes = [...readScopes, ...Object.values(piiScopes), 'customers:write', 'preferences:write'];
  const keys: LoadedSample = [];
  for (const { slug, name } of workspaces) {
    // A user may have created another workspace with the slug.
    const demo = existing.find((each) => each.slug === slug && each.name === name);
    if (!demo) continue;
    const { secret } = await createApiKey(database.forWorkspace(demo.id), { name: 'GraphiQL', scopes, expiresAt });
    keys.push({ slug, secret });
  }
  return keys;
}

async function makeWorkspace(database: Database, input: Parameters<typeof createWorkspace>[1]): Promise<string | null> {
  try {
    return (await createWorkspace(database, input)).id;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'CONFLICT') return null;
    throw error;
  }
}
