import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilReady, useBuilt } from './built.ts';
import { useDatabase } from './database.ts';

// The commands run as separate processes, on the database of this file or an embedded one in a folder.
const { url } = await useDatabase();
const folder = mkdtempSync(join(tmpdir(), 'rapport-cli-'));
const built = useBuilt();
afterAll(() => rmSync(folder, { recursive: true }));

const where = url === null ? { RAPPORT_DATA_DIR: join(folder, 'data') } : { DATABASE_URL: url };
const env = { PATH: process.env.PATH, NODE_ENV: 'test', ...where };

function rapport(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(built, 'cli', 'rapport.js'), ...args], {
    env,
    encoding: 'utf8',
  });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}

it('supports the first steps without a server: workspace, key, import', { timeout: 240_000 }, () => {
  const file = join(folder, 'customers.jsonl');
  writeFileSync(file, '{"type":"customer","key":{"externalId":"1"},"displayName":"Ada"}\nnot json\n');

  const deployed = rapport('migrate', 'deploy');
  const made = rapport('workspaces', 'create', '--slug', 'shop', '--default-country', 'PL');
  const key = JSON.parse(
    rapport('keys', 'create', '--workspace', 'shop', '--name', 'desk', '--scopes', 'customers:read', '--json').stdout,
  );
  const imported = JSON.parse(
    rapport('import', '--workspace', 'shop', '--source', 's', '--format', 'jsonl', '--json', file).stdout,
  );
  const keys = rapport('keys', 'list', '--workspace', 'shop');

  expect(deployed.status).toBe(0);
  expect(made.stdout).toBe('created shop');
  expect(key).toMatchObject({
    workspace: 'shop',
    scopes: ['customers:read'],
    secret: expect.stringMatching(/^rapport_[0-9a-f]{12}_.{43}$/),
  });
  expect(imported).toMatchObject({ rows: 2, rowsWritten: 1, rowsRefused: 1 });
  expect(keys.stdout).toContain(key.id);
  expect(keys.stdout).not.toContain(key.secret);
});

it('ends without waiting for the timers of the migration engine, which take ten seconds', () => {
  const start = performance.now();
  expect(rapport('migrate', 'deploy').status).toBe(0);
  expect(performance.now() - start).toBeLessThan(9_000);
});

describe('next to a server', () => {
  // Each command would otherwise open the embedded database, which takes longer than everything else it does.
  const serve = () =>
    spawn(process.execPath, [join(built, 'cli', 'rapport.js'), 'serve'], { env: { ...env, PORT: '0' } });
  let server: ReturnType<typeof serve>;
  beforeAll(async () => {
    server = serve();
    await untilReady(server);
  });
  afterAll(async () => {
    server.kill('SIGKILL');
    await once(server, 'exit');
  });

  it('supports the next steps: status, workspaces, verify, revoke', { timeout: 120_000 }, () => {
    const [status, listed] = [rapport('migrate', 'status'), rapport('workspaces', 'list')];
    const verified = rapport('stats', 'verify');
    const created = rapport('keys', 'create', '--workspace', 'shop', '--name', 'lost', '--scopes', 'all', '--json');
    const revoked = rapport('keys', 'revoke', '--workspace', 'shop', JSON.parse(created.stdout).id);
    const keys = rapport('keys', 'list', '--workspace', 'shop');

    expect(status.stdout).toMatch(/^applied {2}\d+_init/);
    expect(listed.stdout).toMatch(/^shop\tshop\t/);
    expect(verified.stdout).toContain('shop: 0 customers with statistics, 0 differences');
    expect(revoked.status).toBe(0);
    expect(keys.stdout).toContain('revoked');
  });

  it.each([
    [['keys', 'create', '--workspace', 'shop'], '--name'],
    [['keys', 'create', '--workspace', 'none', '--name', 'x'], 'No workspace has the slug none.'],
    [
      ['keys', 'create', '--workspace', 'shop', '--name', 'x', '--scopes', 'planets:read'],
      'Unknown scope planets:read.',
    ],
    [['workspaces', 'create', '--slug', 'Not A Slug'], 'lowercase'],
    [['workspaces', 'create', '--slug', 'shop'], 'A workspace with the slug shop already exists.'],
    [['import', '--workspace', 'shop', '--source', 's', '--format', 'xml', 'x'], 'xml'],
    [
      ['import', '--workspace', 'shop', '--source', 's', '--format', 'jsonl', 'nowhere.jsonl'],
      'File not found: nowhere.jsonl.',
    ],
    [['import', '--workspace', 'shop', '--source', 's', '--format', 'tau-retail', 'package.json'], '--undated-at'],
    [['migrate', 'new', 'Not Snake'], 'snake_case'],
    [['dance'], 'unknown command'],
  ])('exits %j with code 1 and a reason', (args, reason) => {
    const { status, stderr } = rapport(...args);

    expect(status).toBe(1);
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain('    at ');
  });

  it('exits an import with code 1 if too many rows are rejected', { timeout: 120_000 }, () => {
    const file = join(folder, 'refused.jsonl');
    writeFileSync(file, 'not json\n{"type":"customer","key":{"externalId":"2"}}\nnot json\n');
    const run = (...options: string[]) =>
      rapport('import', '--workspace', 'shop', '--source', 's', '--format', 'jsonl', '--json', ...options, file);

    const [allowed, exceeded] = [run('--max-refused', '2'), run('--max-refused', '1')];

    expect([allowed.status, exceeded.status, run('--max-refused', 'x').status]).toEqual([0, 1, 1]);
    expect(exceeded.stderr).toBe('rapport: 2 rows were refused; --max-refused allows 1.');
    expect(JSON.parse(exceeded.stdout)).toMatchObject({ rows: 3, rowsWritten: 1, rowsRefused: 2 });
  });

  it('prints no control sequences', { timeout: 120_000 }, () => {
    const hostile = 'a\u001b[2J\u009b2J\u0007\r\nb\tc\u202ed\u2066';
    const shown = 'a\\u001b[2J\\u009b2J\\u0007\\u000d\\u000ab\\u0009c\\u202ed\\u2066';
    const file = join(folder, 'hostile.jsonl');
    writeFileSync(file, 'not json\n');
    const run = (...options: string[]) =>
      rapport('import', '--workspace', 'hostile', '--source', hostile, '--format', 'jsonl', ...options, file);
    const runs = {
      made: rapport('workspaces', 'create', '--slug', 'hostile', '--name', hostile),
      workspaces: rapport('workspaces', 'list'),
      key: rapport('keys', 'create', '--workspace', 'hostile', '--name', hostile, '--json'),
      keys: rapport('keys', 'list', '--workspace', 'hostile'),
      revoked: rapport('keys', 'revoke', '--workspace', 'hostile', hostile),
      imported: run('--rejects', join(folder, hostile)),
      stats: rapport('stats', 'verify', '--workspace', hostile),
      unknownWorkspace: rapport('keys', 'list', '--workspace', hostile),
      unknownFile: rapport('import', '--workspace', 'hostile', '--source', 's', '--format', 'jsonl', hostile),
      unknownCommand: rapport(hostile),
      unknownFormat: rapport('import', '--workspace', 'hostile', '--source', 's', '--format', hostile, file),
    };

    for (const [name, { stdout, stderr }] of Object.entries(runs)) {
      const obeyed = `${stdout}${stderr}`.match(/[\p{Cc}\u202e\u2066]/gu) ?? [];
      expect(
        obeyed.filter((character) => character !== '\n' && character !== '\t'),
        name,
      ).toEqual([]);
    }
    expect(runs.workspaces.stdout.split('\n').find((line) => line.startsWith('hostile'))).toContain(`\t${shown}\t`);
    expect(runs.keys.stdout.split('\n')).toEqual([expect.stringContaining(`\t${shown}\t`)]);
    expect(JSON.parse(runs.key.stdout).name).toBe(hostile);
    expect(runs.imported.stdout).toContain(`(see ${join(folder, shown)})`);
    expect(runs.unknownWorkspace.stderr).toContain('No workspace has the slug a\\u001b[2J');
  });
});

it.each(['serve', 'migrate', 'workspaces', 'keys', 'import', 'sample', 'stats'])(
  'explains %s with --help',
  (command) => {
    const { status, stdout } = rapport(command, '--help');

    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: rapport ${command}`);
  },
);
