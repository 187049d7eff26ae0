import { describe, expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { insertLocation, transactions } from '../../../test/transactions.ts';
import { createApiKey } from '../../access/api-keys.ts';
import { newId } from '../../lib/ids.ts';
import { StatementBatch } from '../connection/statement-batch.ts';
import type { Db } from '../database.ts';
import { operator } from './actor.ts';
import { withActor } from './idempotency.ts';
import { transactBySql } from './transact.ts';

const api = await useApi();
const { db } = await api.tenant('shop');
const { id: keyId } = await createApiKey(db, { name: 'writer' });

const stored = (name: string) => db.location.count({ where: { name } });
const as = (keyId: string, key: string, within = db) =>
  withActor(within, { ...operator('test'), keyId }, { key, request: ['test'] }, 1_000_000);

describe.each(transactions)('a write of a key, %s', (kind, run) => {
  it('returns the first result to a repeat, and writes nothing again', async () => {
    const write = (name: string) =>
      run(as(keyId, kind), async (tx) => {
        await tx.query(insertLocation(tx, `${kind} ${name} 1`));
        await tx.query(insertLocation(tx, `${kind} ${name} 2`));
        return name;
      });

    expect(await write('first')).toBe('first');
    expect(await write('repeat')).toBe('first');
    expect(await stored(`${kind} first 2`)).toBe(1);
    expect(await stored(`${kind} repeat 1`)).toBe(0);
  });

  it('reports an invalid key and writes nothing, even if its statements fail', async () => {
    const writing = run(as(newId(), kind), async (tx) => {
      await tx.sendAll([insertLocation(tx, `${kind} invalid`), { text: 'SELECT 1 / 0', values: [] }]);
    });

    await expect(writing).rejects.toThrow('This API key was revoked or has expired.');
    expect(await stored(`${kind} invalid`)).toBe(0);
  });
});

it('sends the first statements with the check, the next once it has passed, and the last with COMMIT', async () => {
  const log: string[] = [];
  const client = await db.connect();
  const query = (batch: StatementBatch) => {
    log.push(batch.statements.map(({ text }) => text).join('\n'));
    const handleReadyForQuery = (connection: object) => {
      log.push('answered');
      StatementBatch.prototype.handleReadyForQuery.call(batch, connection);
    };
    return client.query(Object.assign(batch, { handleReadyForQuery }));
  };
  const connection = Object.assign(Object.create(client), { query, release: () => client.release() });
  const logging = Object.create(db, { connect: { value: async () => connection } }) as Db;
  await transactBySql(as(keyId, 'logged', logging), async (tx) => {
    await tx.query({ text: 'SELECT 1 AS first', values: [] });
    await tx.query({ text: 'SELECT 2 AS second', values: [] });
    await tx.sendLater([{ text: 'SELECT 3 AS third', values: [] }]);
    return 'done';
  });

  expect(log).toEqual([
    expect.stringMatching(/^BEGIN\n.*pg_try_advisory.*SELECT 1 AS first$/s),
    'answered',
    'SELECT 2 AS second',
    'answered',
    expect.stringMatching(/^SELECT 3 AS third\n.*"IdempotencyRecord".*\nCOMMIT$/s),
    'answered',
  ]);
});
