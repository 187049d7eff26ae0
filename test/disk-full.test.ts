import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { useApi } from './api.ts';
import { useStoredDatabase } from './database.ts';

const stored = await useStoredDatabase();
const api = await useApi({}, stored);
const shop = await api.tenant('shop');
await shop.data('mutation { upsertCustomer(input: { key: { email: "ada@example.com" } }) { outcome } }');

const record = `mutation ($input: UpsertInteractionInput!) { upsertInteraction(input: $input) { outcome } }`;
const list = `{ interactions(first: 100) { nodes { externalId } } }`;
const acknowledged: string[] = [];
let sent = 0;

/** Writes enough for a table to grow. Returns the code of the error, or null. */
async function write(): Promise<string | null> {
  const value = String(++sent);
  const input = {
    key: { externalId: { source: 'test', value } },
    customer: { email: 'ada@example.com' },
    channel: 'EMAIL',
    direction: 'INBOUND',
    occurredAt: '2026-01-01T00:00:00Z',
    body: randomBytes(8_000).toString('hex'),
  };
  const { errors } = await shop.send(record, { input });
  if (!errors) acknowledged.push(value);
  return errors?.[0]?.extensions.code ?? null;
}

async function readiness() {
  const answer = await api.fetch(new Request('http://rapport.test/health/ready'));
  return { status: answer.status, text: await answer.text() };
}

// Rejects writes like an operating system, without filling a disk.
function refuseWrites(isRefused: (file: number, end: number) => boolean): () => void {
  const write = fs.writeSync;
  const spy = vi.spyOn(fs, 'writeSync').mockImplementation(((...args: never[]) => {
    const [file, , , length, position] = args as unknown as [number, Uint8Array, number, number, number];
    if (isRefused(file, position + length)) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    return Reflect.apply(write, fs, args);
  }) as never);
  return () => spy.mockRestore();
}

function logFiles(): Set<number> {
  const folder = join(stored.dataDir ?? '', 'pgdata', 'pg_wal');
  return new Set(fs.readdirSync(folder).map((name) => fs.statSync(join(folder, name)).ino));
}

// PostgreSQL rejects new tables and writes of interactions.
async function refuseTables(): Promise<() => Promise<void>> {
  const asOwner = (sql: string) => api.database.asOwner((owner) => owner.query(sql));
  const full = `BEGIN RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END`;
  await asOwner(`
    CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$ ${full} $$;
    CREATE FUNCTION refuse_table() RETURNS event_trigger LANGUAGE plpgsql AS $$ ${full} $$;
    CREATE TRIGGER refuse BEFORE INSERT ON "Interaction" EXECUTE FUNCTION refuse_row();
    CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE TABLE AS') EXECUTE FUNCTION refuse_table()`);
  return async () => {
    await asOwner('DROP EVENT TRIGGER refuse; DROP FUNCTION refuse_table(); DROP FUNCTION refuse_row() CASCADE');
  };
}

type Filling = [string, () => (() => void) | Promise<() => Promise<void>>];
const embeddedFillings: Filling[] = [
  ['no file can grow', () => refuseWrites((file, end) => end > fs.fstatSync(file).size)],
  ['no log can be written', () => refuseWrites((file) => logFiles().has(fs.fstatSync(file).ino))],
];
const fillings: Filling[] = api.isEmbedded ? embeddedFillings : [['no table can grow', refuseTables]];

it.each(fillings)('returns UNAVAILABLE while %s, is not ready, loses nothing and recovers', async (_what, fill) => {
  expect(await write()).toBeNull();
  expect(await readiness()).toEqual({ status: 200, text: 'ready\n' });

  const free = await fill();
  let first: string | null = null;
  while (first === null) first = await write();
  const [again, read, whileFull] = [await write(), await shop.send(list), await readiness()];
  await free();
  const recovered = await vi.waitFor(
    async () => {
      expect(await write()).toBeNull();
      return readiness();
    },
    { timeout: 20_000, interval: 200 },
  );
  const { interactions } = await shop.data(list);

  expect([first, again]).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
  expect(read.errors?.map(({ extensions }) => extensions.code) ?? []).toEqual(read.errors ? ['UNAVAILABLE'] : []);
  expect(whileFull).toEqual({ status: 503, text: 'the database disk is full\n' });
  expect(recovered).toEqual({ status: 200, text: 'ready\n' });
  const kept = interactions.nodes.map(({ externalId }: { externalId: string }) => externalId);
  expect(kept.toSorted()).toEqual(acknowledged.toSorted());
});
