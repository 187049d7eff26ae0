import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { insertLocation, transactions } from '../../../test/transactions.ts';
import { newId } from '../../lib/ids.ts';
import type { Db } from '../database.ts';
import type { Statements } from '../statements.ts';
import { asDryRun } from './dry-run.ts';
import { transact, transactBySql } from './transact.ts';

const api = await useApi();
const { db } = await api.tenant('shop');

const stored = (name: string) => db.location.count({ where: { name } });

describe.each(transactions)('a transaction %s', (kind, run) => {
  it('commits all its statements', async () => {
    const found = await run(db, async (tx) => {
      await tx.sendAll([insertLocation(tx, `${kind} 1`), insertLocation(tx, `${kind} 2`)]);
      const text = `SELECT "name" FROM "Location" WHERE "workspaceId" = $1::uuid AND "name" LIKE $2 ORDER BY "name"`;
      return tx.query<{ name: string }>({ text, values: [tx.workspaceId, `${kind}%`] });
    });

    expect(found.map(({ name }) => name)).toEqual([`${kind} 1`, `${kind} 2`]);
    expect(await stored(`${kind} 1`)).toBe(1);
  });

  it('rolls everything back when it fails, and keeps the connection usable', async () => {
    const failing = run(db, async (tx) => {
      await tx.query(insertLocation(tx, `${kind} gone`));
      throw new Error('No.');
    });

    await expect(failing).rejects.toThrow('No.');
    expect(await stored(`${kind} gone`)).toBe(0);
    expect(await run(db, async (tx) => tx.query({ text: 'SELECT 1 AS one', values: [] }))).toEqual([{ one: 1 }]);
  });

  it('returns the result of a dry run, and writes nothing', async () => {
    const tried = await run(asDryRun(db), async (tx) => {
      await tx.query(insertLocation(tx, `${kind} tried`));
      return tx.query<{ name: string }>({
        text: `SELECT "name" FROM "Location" WHERE "name" = $1`,
        values: [`${kind} tried`],
      });
    });

    expect(tried).toEqual([{ name: `${kind} tried` }]);
    expect(await stored(`${kind} tried`)).toBe(0);
    await expect(run(asDryRun(db), () => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
  });

  // The embedded database has a single session, which cannot be terminated.
  if (!api.isEmbedded)
    it('rejects when its session is terminated, and the process keeps running', async () => {
      const ended = run(db, async (tx) => {
        const [session] = await tx.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid', values: [] });
        await api.database.asOwner((pool) => pool.query('SELECT pg_terminate_backend($1)', [session?.pid]));
        await tx.query({ text: 'SELECT pg_sleep(1)', values: [] });
      });

      await expect(ended).rejects.toThrow();
      expect(await stored(`${kind} 1`)).toBe(1);
    });

  it('retries after another writer came first', async () => {
    let tries = 0;
    await run(db, async (tx) => {
      tries += 1;
      await tx.query(insertLocation(tx, tries === 1 ? `${kind} 1` : `${kind} 3`));
    });

    expect(tries).toBe(2);
    expect(await stored(`${kind} 3`)).toBe(1);
  });

  it('retries after a row it refers to was deleted', async () => {
    let tries = 0;
    await run(db, async (tx) => {
      tries += 1;
      const text = `INSERT INTO "CustomerExternalId" ("workspaceId", "source", "value", "customerId", "createdAt")
        SELECT $1::uuid, 's', 'v', $2::uuid, now() WHERE $3`;
      await tx.query({ text, values: [tx.workspaceId, newId(), tries === 1] });
    });

    expect(tries).toBe(2);
  });

  it('sends statements for later before its next one, and the rest before it commits', async () => {
    const found = await run(db, async (tx) => {
      await tx.sendLater([insertLocation(tx, `${kind} later 1`)]);
      const text = `SELECT "name" FROM "Location" WHERE "workspaceId" = $1::uuid AND "name" LIKE $2`;
      const rows = await tx.query({ text, values: [tx.workspaceId, `${kind} later%`] });
      await tx.sendLater([insertLocation(tx, `${kind} later 2`)]);
      return rows;
    });

    expect(found).toEqual([{ name: `${kind} later 1` }]);
    expect(await stored(`${kind} later 2`)).toBe(1);
  });

  it.each(['committed', 'tried'])('rejects if a statement for later fails, whether %s', async (how) => {
    const failing = run(how === 'tried' ? asDryRun(db) : db, async (tx) => {
      await tx.query(insertLocation(tx, `${kind} undone`));
      await tx.sendLater([{ text: 'SELECT 1 / 0', values: [] }]);
    });

    await expect(failing).rejects.toThrow('division by zero');
    expect(await stored(`${kind} undone`)).toBe(0);
  });

  it('retries after a statement for later lost a race', async () => {
    let tries = 0;
    await run(db, async (tx) => {
      tries += 1;
      await tx.sendLater([insertLocation(tx, tries === 1 ? `${kind} 1` : `${kind} later 3`)]);
    });

    expect(tries).toBe(2);
    expect(await stored(`${kind} later 3`)).toBe(1);
  });

  it('rejects statements after it ends', async () => {
    let late: Statements | undefined;
    await run(db, async (tx) => {
      await tx.query({ text: 'SELECT 1', values: [] });
      late = tx;
    });

    await expect(late?.query(insertLocation(late, `${kind} late`))).rejects.toThrow(
      'The transaction has already ended.',
    );
    expect(await stored(`${kind} late`)).toBe(0);
  });
});

it('rejects statements after a transaction times out', async () => {
  const slow = transact(
    db,
    async (tx) => {
      await tx.query(insertLocation(tx, 'slow'));
      await sleep(300);
      await tx.query(insertLocation(tx, 'too late'));
    },
    100,
  );

  await expect(slow).rejects.toThrow();
  expect(await stored('slow')).toBe(0);
  expect(await stored('too late')).toBe(0);
});

it('rejects if a failed statement rolled the transaction back', async () => {
  const swallowing = transactBySql(db, async (tx) => {
    await tx.query(insertLocation(tx, 'undone'));
    await tx.query({ text: 'SELECT 1 / 0', values: [] }).catch(() => undefined);
  });

  await expect(swallowing).rejects.toThrow('a statement failed');
  expect(await stored('undone')).toBe(0);
});

it('reads behind COMMIT with its result, and not after a rollback', async () => {
  const found: unknown[] = [];
  const readBack: Db['readBack'] = async (result, read) => {
    const text = `SELECT "name" FROM "Location" WHERE "workspaceId" = $1::uuid AND "name" = $2`;
    found.push(...(await read({ text, values: [db.workspaceId, result] })));
  };
  const reading = Object.create(db, { readBack: { value: readBack } }) as Db;
  const write = (name: string) => async (tx: Statements) => {
    await tx.sendLater([insertLocation(tx, name)]);
    return name;
  };
  const failing = transactBySql(reading, () => Promise.reject(new Error('No.')));

  await expect(failing).rejects.toThrow('No.');
  expect(await transactBySql(asDryRun(reading), write('only tried'))).toBe('only tried');
  expect(await transactBySql(reading, write('read back'))).toBe('read back');
  expect(found).toEqual([{ name: 'read back' }]);
});
