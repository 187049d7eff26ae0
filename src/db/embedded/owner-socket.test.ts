import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Ownership, ownOrConnect } from './owner-socket.ts';

const folders: string[] = [];
const found: Ownership[] = [];
afterEach(() => {
  for (const each of found.splice(0)) leave(each);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-owner-'));
  folders.push(folder);
  return folder;
}

async function arrive(folder: string): Promise<Ownership> {
  const each = await ownOrConnect(folder, (socket) => socket.on('error', () => undefined).resume());
  found.push(each);
  return each;
}

// Does what the operating system does when the process ends.
function leave(each: Ownership): void {
  if ('socket' in each) each.socket.destroy();
  else each.server.close();
}

const isOwner = (each: Ownership) => 'server' in each;

it('has one owner when many processes start at once', async () => {
  const folder = newFolder();

  const all = await Promise.all(Array.from({ length: 20 }, () => arrive(folder)));

  expect(all.filter(isOwner)).toHaveLength(1);
});

it('has one new owner when many processes find the old one gone', async () => {
  const folder = newFolder();
  for (let round = 0; round < 10; round++) {
    const all = await Promise.all(Array.from({ length: 10 }, () => arrive(folder)));

    expect(all.filter(isOwner)).toHaveLength(1);
    for (const each of all) leave(each);
  }
  expect(readdirSync(folder)).toHaveLength(process.platform === 'win32' ? 0 : 1);
});

it.each([
  ['of a running process', String(process.pid)],
  ['that is empty', ''],
])('ignores and removes the lock file of an earlier version %s', async (_what, content) => {
  const folder = newFolder();
  writeFileSync(join(folder, 'lock'), content);

  expect(isOwner(await arrive(folder))).toBe(true);
  if (process.platform !== 'win32') expect(readdirSync(folder)).toEqual(['owner.1']);
});

it('works in a folder whose path is too long for a socket', async () => {
  const folder = join(newFolder(), ...Array.from({ length: 8 }, (_, i) => `${i}`.repeat(30)));
  mkdirSync(folder, { recursive: true });

  const [first, second] = [await arrive(folder), await arrive(folder)];

  expect([first, second].map(isOwner)).toEqual([true, false]);
});

// On Windows, named pipes are used, and only their user may write to them.
if (process.platform !== 'win32') {
  it('restricts the folder of the socket to its user', async () => {
    const folder = newFolder();
    await arrive(folder);

    expect(statSync(join(folder, 'owner.1')).mode & 0o777).toBe(0o700);
  });
}

// Only root can switch to another user, and only root cannot be denied access.
if (process.getuid?.() === 0) {
  it('refuses connections from another user', async () => {
    const folder = newFolder();
    const other = { uid: 65_534, gid: 65_534 };
    spawnSync('chmod', ['755', folder]);
    await arrive(folder);
    const connect = `require('net').connect(${JSON.stringify(join(folder, 'owner.1', 'socket'))})
      .on('connect', () => process.exit()).on('error', ({ code }) => { console.log(code); process.exit(); })`;

    const { stdout } = spawnSync(process.execPath, ['-e', connect], { ...other, encoding: 'utf8' });

    expect(stdout.trim()).toBe('EACCES');
  });
} else if (process.platform !== 'win32') {
  it('reports that the folder belongs to another user', async () => {
    const folder = newFolder();
    await arrive(folder);
    chmodSync(join(folder, 'owner.1'), 0);

    await expect(arrive(folder)).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining(folder) });
  });
}
