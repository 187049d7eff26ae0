import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { allScopes } from '../src/access/scopes.ts';
import { listWorkspaces } from '../src/access/workspaces.ts';
import { nodeHandler } from '../src/node-handler.ts';
import { loadSample } from '../src/sample.ts';
import { createServer } from '../src/server.ts';
import { silent } from './api.ts';
import { useDatabase } from './database.ts';

const snippets = ['README.md', 'sdk/README.md'].flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/```ts\n(.+?)```/gs)].map(([, code = ''], i) => ({
    name: `${file} ${i + 1}`,
    code,
  })),
);

// The real server over the sample, and a key that may write.
const { database } = await useDatabase();
await loadSample(database, () => undefined);
const retail = (await listWorkspaces(database)).find(({ slug }) => slug === 'retail');
const key = await createApiKey(database.forWorkspace(retail?.id ?? ''), { name: 'readme', scopes: allScopes });
const http = createHttpServer(nodeHandler(createServer({ database, logger: silent })));
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;

// Within the repository, where the package is found by its name.
const folder = mkdtempSync(join(process.cwd(), 'sdk/.readme-'));
afterAll(() => {
  http.closeAllConnections();
  http.close();
  rmSync(folder, { recursive: true });
});

function run(command: string, ...options: string[]): Promise<{ isDone: boolean; output: string }> {
  const env = { ...process.env, RAPPORT_KEY: key.secret };
  return new Promise((resolve) => {
    execFile(command, options, { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ isDone: error === null, output: `${stdout}${stderr}` }),
    );
  });
}

it.each(snippets)('compiles and runs what $name shows', async ({ code }) => {
  const name = `snippet-${snippets.findIndex((each) => each.code === code)}`;
  const compilerOptions = { strict: true, module: 'nodenext', target: 'es2022', types: ['node'], noEmit: true };
  writeFileSync(join(folder, `${name}.mts`), code);
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ compilerOptions, files: [`${name}.mts`] }));
  writeFileSync(join(folder, `${name}.mjs`), code.replace('http://127.0.0.1:4000/graphql', url));

  expect(await run(join(process.cwd(), 'node_modules/.bin/tsc'), '-p', `${name}.json`)).toEqual({
    isDone: true,
    output: '',
  });

  const { isDone, output } = await run('node', `${name}.mjs`);
  expect(output).toMatch(/\S/);
  expect(output).not.toMatch(/[A-Z]+_[A-Z]+|UNAUTH|NETWORK/);
  expect(isDone).toBe(true);
});

it('has snippets to show', () => {
  expect(snippets.length).toBeGreaterThan(3);
});
