import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { openPglite } from './open-pglite.ts';
import { EmbeddedPool, withLease } from './pool.ts';
import { SharedFolder } from './shared-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'rapport-shared-'));
afterAll(() => rmSync(folder, { recursive: true }));

const idleMs = 500;
/** Opens the folder as a separate process would. */
function open() {
  const leases = new SharedFolder(folder, () => openPglite(folder), idleMs);
  const pool = new EmbeddedPool(leases, { pipeline: true });
  pool.on('error', () => undefined);
  const close = async () => {
    await pool.end();
    await leases.close();
  };
  return { leases, pool, close };
}

const owner = open();
const other = open();
afterAll(() => other.close());
await owner.pool.query('CREATE TABLE note (id integer PRIMARY KEY)');
beforeEach(() => owner.pool.query('TRUNCATE note'));

const ids = async ({ pool } = owner) => (await pool.query('SELECT id FROM note ORDER BY id')).rows.map(({ id }) => id);

/** Connects a client directly to the socket, so that it can misbehave in ways ours do not. */
async function connectedClient(): Promise<pg.Client> {
  const [name = ''] = readdirSync(folder).filter((each) => each.startsWith('owner.'));
  const socket = connect(join(folder, name, 'socket'));
  const client = new pg.Client({ ssl: false, user: 'postgres', stream: () => socket });
  client.on('error', () => undefined);
  socket.connect = () => socket;
  await client.connect();
  return client;
}

const kill = (client: pg.Client) => Object(client).connection.stream.destroy();

// On Windows, there is no file that would show the name of the pipe.
if (process.platform !== 'win32') {
  it('rolls back the open transaction of a killed client', async () => {
    const client = await connectedClient();
    await client.query('BEGIN');
    await client.query('INSERT INTO note VALUES (1)');
    kill(client);

    expect(await ids()).toEqual([]);
  });

  it.each(['SELECT 1', 'BEGIN'])('soon gives up on a client that is silent after %s', async (statement) => {
    const client = await connectedClient();
    await client.query(statement);

    expect(await ids()).toEqual([]);
    await expect(client.query('INSERT INTO note VALUES (1)')).rejects.toThrow();
  });

  it('starts each session without state of the one before', async () => {
    const client = await connectedClient();
    await client.query('SET ROLE pg_monitor');
    await client.query('BEGIN');
    await expect(client.query('SELECT 1 / 0')).rejects.toThrow('division by zero');
    await client.end();

    expect(await ids(other)).toEqual([]);
  });
}

it('runs the transactions of all processes one after the other', async () => {
  const write = async ({ pool }: typeof owner, from: number) => {
    for (let id = from; id < from + 10; id++) {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query('INSERT INTO note SELECT coalesce(max(id), 0) + 1 FROM note');
      await client.query('COMMIT');
      client.release();
    }
  };

  await Promise.all([write(owner, 1), write(other, 100), write(other, 200)]);

  expect(await ids(other)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
});

it('keeps prepared statements in the owner, and prepares them again after another session', async () => {
  const named = { name: 'ids', text: 'SELECT id FROM note' };
  const count = "SELECT count(*)::integer AS n FROM pg_prepared_statements WHERE name = 'ids'";
  await owner.pool.query(named);
  const kept = await owner.pool.query(count);
  await ids(other);

  expect(kept.rows).toEqual([{ n: 1 }]);
  expect((await owner.pool.query(named)).rows).toEqual([]);
});

it('runs no other session between the statements of exclusive work', async () => {
  const seen = await withLease(other.leases, async (connection) => {
    const client = new pg.Client(connection);
    await client.connect();
    await client.query('INSERT INTO note VALUES (1)');
    const between = ids();
    const isFirst = await Promise.race([between.then(() => false), client.query('DELETE FROM note').then(() => true)]);
    await client.end();
    return { isFirst, between };
  });

  expect(seen.isFirst).toBe(true);
  expect(await seen.between).toEqual([]);
});

it('lets the next process that needs it open the database when its owner stops', async () => {
  await owner.pool.query('INSERT INTO note VALUES (7)');
  const asking = Array.from({ length: 20 }, () => ids(other));
  await owner.close();

  expect(await Promise.all(asking)).toEqual(Array.from({ length: 20 }, () => [7]));
  expect(await ids(other)).toEqual([7]);
});
