import pg from 'pg';
import { bearer, dataOf, send } from './http.ts';
import { type Kind, type Ledger, type Outcome, outcomeOf, type Target } from './kinds.ts';
import { writeOf } from './writes.ts';

/** Writes that conflict with each other, with an earlier use of their idempotency key, or with a lock. */
export function clashes(target: Target, { acknowledged, refused }: Ledger): Kind[] {
  const { port, soak } = target;
  const [secret = ''] = soak.keys.hostile;
  const emailOf = (n: number) => soak.customers[600 + (n % 300)]?.email ?? '';
  const write = (body: string) => send(port, { body, headers: bearer(secret) });

  return [
    {
      name: 'idempotency keys with another body',
      expects: ['200 IDEMPOTENCY_MISMATCH'],
      ask: async (n): Promise<Outcome> => {
        const [first, other] = ['', ' changed'].map((text) =>
          writeOf(n % 2 ? 'order' : 'interaction', `hostile-${n}`, emailOf(n), `hostile-${n}${text}`),
        );
        if (!first || !other) return { said: 'no write' };
        const answer = await write(first.body);
        if (dataOf(answer) === null) return outcomeOf(answer);
        acknowledged.set(first.id, first);
        return outcomeOf(await write(other.body));
      },
    },
    {
      name: 'the same write 5 times at once',
      expects: ['200 data', '200 CONFLICT'],
      ask: async (n): Promise<Outcome[]> => {
        const sent = writeOf(n % 2 ? 'order' : 'interaction', `burst-${n}`, emailOf(n));
        const answers = await Promise.all(Array.from({ length: 5 }, () => write(sent.body)));
        const data = new Set(answers.map(dataOf).filter((each) => each !== null));
        if (data.size === 0) return [{ said: 'none was written' }];
        acknowledged.set(sent.id, sent);
        return data.size > 1
          ? [{ said: 'several were written', example: [...data].join(' ') }]
          : answers.map(outcomeOf);
      },
    },
    {
      name: 'writes to a locked row, 5 s',
      expects: ['200 UNAVAILABLE'],
      isSlow: true,
      ask: async (n) => {
        const holder = new pg.Client(target.databaseUrl);
        await holder.connect();
        try {
          const customer = soak.customers[900 + (n % 100)];
          await holder.query('BEGIN');
          await holder.query('SELECT 1 FROM "Customer" WHERE "workspaceId" = $1 AND "id" = $2 FOR UPDATE', [
            soak.workspaceId,
            customer?.uuid,
          ]);
          const sent = writeOf('interaction', `locked-${n}`, customer?.email ?? '');
          const answer = await write(sent.body);
          // Without an answer nobody knows.
          if (answer && dataOf(answer) === null) refused.add(sent.id);
          return outcomeOf(answer);
        } finally {
          await holder.end();
        }
      },
    },
  ];
}
