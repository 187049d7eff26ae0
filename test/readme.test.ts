import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listWorkspaces } from '../src/access/workspaces.ts';
import { computeRfmBounds } from '../src/customer-context/rfm.ts';
import { jsonl } from '../src/import/formats/jsonl.ts';
import { importFiles } from '../src/import/import.ts';
import { loadSample } from '../src/sample.ts';
import { useApi } from './api.ts';

const readme = await readFile('README.md', 'utf8');
const api = await useApi();

it('shows questions with the answers that the sample gives', async () => {
  const pairs = [...readme.matchAll(/```graphql\n(.+?)```\n```json\n(.+?)```/gs)];
  const [retail] = await loadSample(api.database, [], () => undefined);
  // The undated orders of the sample lie 17 minutes apart: in those minutes of each day, some are a day older than others.
  const workspaces = await listWorkspaces(api.database);
  for (const { id } of workspaces)
    await computeRfmBounds(api.database.forWorkspace(id), new Date('2026-02-01T00:00:00Z'));
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${retail?.secret}` };

  for (const [, query, answer = ''] of pairs) {
    const body = JSON.stringify({ query });
    const response = await api.fetch(new Request('http://rapport.test/graphql', { method: 'POST', headers, body }));
    const { data, errors } = await response.json();
    expect(errors ? { errors } : data).toMatchObject(JSON.parse(answer));
  }
  expect(pairs).toHaveLength(6);
});

it('shows a line of every type that an import takes', async () => {
  const shop = await api.tenant('shop');
  const folder = await mkdtemp(join(tmpdir(), 'rapport-readme-'));
  const file = join(folder, 'readme.jsonl');
  await writeFile(file, /```jsonl\n(.+?)```/s.exec(readme)?.[1] ?? '');

  const summary = await importFiles(shop.db, {
    format: jsonl,
    source: 'my-shop',
    paths: [file],
    undatedAt: null,
    isDryRun: false,
    rejectsPath: null,
  });
  await rm(folder, { recursive: true });

  expect(summary).toMatchObject({ rows: 9, rowsWritten: 9, rowsRefused: 0 });
  expect(Object.keys(summary.records)).toHaveLength(9);
});
