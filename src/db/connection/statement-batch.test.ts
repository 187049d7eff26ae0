import { expect, it } from 'vitest';
import { useApi } from '../../../test/api.ts';
import { insertLocation } from '../../../test/transactions.ts';
import type { Statements } from '../statements.ts';
import { transactBySql } from '../write/transact.ts';
import { sendTo } from './pipelined-queries.ts';

const api = await useApi();
const { db } = await api.tenant('shop');

// Each test prepares its own statements, since a connection prepares a statement once.
const select = (value: string) => ({ text: `SELECT $1::text AS "${value}"`, values: [value] });
const failing = (name: string) => ({ text: `SELECT 1 / 0 AS "${name}"`, values: [] });
const outcomesOf = (work: Promise<unknown>[]) =>
  Promise.allSettled(work).then((outcomes) =>
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason.message))),
  );
const run = <T>(work: (tx: Statements) => Promise<T>) => transactBySql(db, work);

it('returns the rows of each statement, however many callers send within one tick', async () => {
  const rows = await run((tx) =>
    Promise.all([tx.query(select('a')), tx.sendAll([select('b'), select('none'), select('c')]), tx.query(select('d'))]),
  );

  expect(rows).toEqual([[{ a: 'a' }], [[{ b: 'b' }], [{ none: 'none' }], [{ c: 'c' }]], [{ d: 'd' }]]);
});

it('fails a statement and all behind it with the same error, and returns the rows of those before', async () => {
  let outcomes: unknown[] = [];
  const transaction = run(async (tx) => {
    outcomes = await outcomesOf([tx.query(select('before')), tx.query(failing('fails')), tx.query(select('behind'))]);
  });

  await expect(transaction).rejects.toThrow('a statement failed');
  expect(outcomes).toEqual([[{ before: 'before' }], 'division by zero', 'division by zero']);
});

it('prepares a statement again that a failed one has kept from being prepared', async () => {
  const transaction = run((tx) => tx.sendAll([failing('first'), select('kept')]));

  await expect(transaction).rejects.toThrow('division by zero');
  expect(await run((tx) => tx.sendAll([select('kept')]))).toEqual([[{ kept: 'kept' }]]);
});

it('sends nothing behind a value that the driver cannot send', async () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const transaction = run(async (tx) => {
    await Promise.all([
      tx.query(insertLocation(tx, 'before the value')),
      tx.query({ text: 'SELECT $1::jsonb AS circular', values: [circular] }),
      tx.sendLater([insertLocation(tx, 'behind the value')]),
    ]);
  });

  await expect(transaction).rejects.toThrow('circular');
  expect(await db.location.count()).toBe(0);
  expect(await run((tx) => tx.query({ text: 'SELECT $1::jsonb AS circular', values: ['{}'] }))).toEqual([
    { circular: {} },
  ]);
});

it('sends statements without a name and values with all others', async () => {
  const client = await db.connect();
  const texts = ['BEGIN', 'SELECT 1 AS unnamed', 'ROLLBACK'];
  const results = await sendTo(
    client,
    texts.map((text) => ({ name: '', text, values: [] })),
  );
  client.release();

  expect(results.map(({ command }) => command)).toEqual(['BEGIN', 'SELECT', 'ROLLBACK']);
  expect(results[1]?.rows).toEqual([{ unnamed: 1 }]);
});

it('runs statements of later ticks behind those of earlier ones', async () => {
  const order: string[] = [];
  await run(async (tx) => {
    const first = tx.query(select('first')).then(() => order.push('first'));
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, tx.query(select('second')).then(() => order.push('second'))]);
  });

  expect(order).toEqual(['first', 'second']);
});
