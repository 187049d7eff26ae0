import { type ChildProcess, execSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { untilReady, useBuilt } from './built.ts';
import { useNewDatabase, useStoredDatabase } from './database.ts';

const built = useBuilt();
const running = new Set<ChildProcess>();
afterEach(() => Promise.all([...running].map((child) => stop(child, 'SIGKILL'))));

type Environment = Record<string, string>;
const inherited = { PATH: process.env.PATH ?? '', NODE_ENV: 'test', LOG_LEVEL: 'error', PORT: '0' };

/** Starts a program and waits until it serves. Returns its output. */
async function start(program: string[], env: Environment): Promise<{ child: ChildProcess; said: string; url: string }> {
  const [file = '', ...args] = program;
  const child = spawn(process.execPath, [join(built, file), ...args], { env: { ...inherited, ...env } });
  running.add(child);
  const { output: said, url } = await untilReady(child);
  return { child, said, url };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

it('starts two processes at once on a new database', { timeout: 240_000 }, async () => {
  const env = await useNewDatabase();
  const [one, two] = await Promise.all([start(['main.js'], env), start(['main.js'], env)]);

  const hints = [one, two].flatMap(({ said }) => /^Create a key with: (.*)$/m.exec(said)?.[1] ?? []);
  expect([one, two].filter(({ said }) => said.includes('API keys for the demo workspaces'))).toHaveLength(1);
  expect(hints).toHaveLength(1);
  // As printed, except for the folder that the programs of this test are built in.
  const command = hints[0]?.replace('npm run -s rapport --', `"${process.execPath}" ${join(built, 'cli/rapport.js')}`);
  const known = 'DATABASE_URL' in env ? env : {};
  const secret = execSync(command ?? '', { env: { ...inherited, ...known }, encoding: 'utf8' }).trim();
  await stop(one.child, 'SIGTERM');
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
  const body = JSON.stringify({ query: '{ workspace { slug } }' });
  const answer = await (await fetch(two.url, { method: 'POST', headers, body })).json();
  expect(answer).toMatchObject({ data: { workspace: { slug: expect.any(String) } } });
});

const { isEmbedded, dataDir } = await useStoredDatabase();

// Only for the embedded database; PostgreSQL serves many processes anyway.
if (isEmbedded) {
  const env = { RAPPORT_DATA_DIR: dataDir ?? '' };
  const rapport = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(built, 'cli/rapport.js'), ...args], {
      env: { ...inherited, ...env },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  };

  it('runs commands while a server has the embedded database open, and after it was killed', {
    timeout: 120_000,
  }, async () => {
    const file = join(dataDir ?? '', 'customers.jsonl');
    writeFileSync(file, '{"type":"customer","key":{"externalId":"1"},"displayName":"Ada"}\n');
    const server = await start(['cli/rapport.js', 'serve'], env);

    const made = rapport('workspaces', 'create', '--slug', 'shop');
    const secret = rapport('keys', 'create', '--workspace', 'shop', '--name', 'desk');
    const imported = rapport('import', '--workspace', 'shop', '--source', 's', '--format', 'jsonl', '--json', file);
    const verified = rapport('stats', 'verify');
    const deployed = rapport('migrate', 'deploy');
    const answer = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify({ query: '{ customers(first: 2) { nodes { displayName } } }' }),
    });
    await stop(server.child, 'SIGKILL');
    const listed = rapport('workspaces', 'list');

    expect([made, deployed]).toEqual(['created shop', 'no pending migrations']);
    expect(JSON.parse(imported)).toMatchObject({ rowsWritten: 1, rowsRefused: 0 });
    expect(verified).toContain('shop: ');
    expect(await answer.json()).toMatchObject({ data: { customers: { nodes: [{ displayName: 'Ada' }] } } });
    expect(listed).toMatch(/^shop\t/);
  });

  it('answers health checks and MCP without loading the fetch classes of Node', { timeout: 60_000 }, async () => {
    const [hook, modules] = [join(dataDir ?? '', 'hook.cjs'), join(dataDir ?? '', 'modules.json')];
    const list = 'JSON.stringify(process.moduleLoadList)';
    writeFileSync(hook, `process.once('exit', () => require('fs').writeFileSync(${JSON.stringify(modules)}, ${list}))`);
    rapport('workspaces', 'create', '--slug', 'desk');
    const secret = rapport('keys', 'create', '--workspace', 'desk', '--name', 'agent');
    const { child, url } = await start(['main.js'], { ...env, NODE_OPTIONS: `--require ${hook}` });
    const revision = '2026-07-28';
    const meta = { protocolVersion: revision, clientInfo: { name: 'test', version: '1' }, clientCapabilities: {} };
    const _meta = Object.fromEntries(
      Object.entries(meta).map(([name, value]) => [`io.modelcontextprotocol/${name}`, value]),
    );

    const live = await fetch(new URL('/health/live', url));
    const listed = await fetch(new URL('/mcp', url), {
      method: 'POST',
      headers: {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${secret}`,
        'mcp-protocol-version': revision,
        'mcp-method': 'tools/list',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta } }),
    });

    expect(await live.text()).toBe('live\n');
    expect(await listed.json()).toMatchObject({
      result: { tools: expect.arrayContaining([expect.objectContaining({ name: 'get_customer_context' })]) },
    });
    await stop(child, 'SIGTERM');
    const loaded: string[] = JSON.parse(readFileSync(modules, 'utf8'));
    expect(loaded.filter((name) => name.includes('http_server') || name.includes('undici'))).toEqual([
      'NativeModule _http_server',
    ]);
  });
}
