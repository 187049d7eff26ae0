import { createServer as createHttpServer } from 'node:http';
import { type OnStatement, openDatabase } from '../../src/db/database.ts';
import { defaultLimits } from '../../src/lib/limits.ts';
import { createServer } from '../../src/server/create-server.ts';
import type { Statement } from '../../test/database.ts';
import { isOfRequest, rowsReadBy } from '../../test/rows-read.ts';
import { ask } from './ask.ts';
import { customerContext } from './compared/customer-context.ts';
import { isEmpty } from './facts.ts';
import type { AnyRead, Question } from './read.ts';
import { type Place, subjectOf } from './subject.ts';
import type { Workspace } from './workspace.ts';

/**
 * Number of SQL statements of one request; of all that the driver sent, also for the session and the key; and of rows
 * that PostgreSQL reads for the request. Null for a write.
 */
export type Cost = { statements: number; sent: number; rows: number | null };

/**
 * Counts the statements that the driver sends for a repeated request of each read, which the server answers as it
 * answers all later ones. Throws if a read finds nothing.
 */
export async function costsOf(
  reads: AnyRead[],
  { seeded, secret }: Workspace,
  place: Place,
): Promise<Map<string, Cost>> {
  const sent: Statement[] = [];
  const onStatement: OnStatement = (sql, values, isPlannedForValues) => sent.push({ sql, values, isPlannedForValues });
  const database = await openDatabase({ databaseUrl: seeded.url, dataDir: '', onStatement });
  const logger = { error: console.error, info: () => undefined };
  const server = createServer({ database, logger, limits: { ...defaultLimits, costPerMinute: 2_000_000_000 } });
  const http = createHttpServer(server.listener);
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));

  const answer = ({ text, variables }: Question, n: number) =>
    ask(port, JSON.stringify({ query: text, variables: variables(subjectOf(place, n)) }), `Bearer ${secret}`);
  // Otherwise a list of audit events might find none.
  for (let n = 0; n < 50; n++) await answer(customerContext.rapport, n);

  const costs = new Map<string, Cost>();
  for (const { name, rapport, isWrite } of reads) {
    const subject = await subjectWithAnswer(name, (n) => answer(rapport, n));
    // Reads are written to the audit log separately.
    await server.flush();
    sent.length = 0;
    await answer(rapport, subject);
    const count = sent.length;
    const own = sent.filter(isOfRequest);
    const rows = isWrite ? null : await rowsReadBy(own, database, seeded.workspaceId);
    costs.set(name, { statements: own.length, sent: count, rows });
    await server.flush();
  }
  http.closeAllConnections();
  http.close();
  await database.close();
  return costs;
}

// Not every customer has records of every kind.
async function subjectWithAnswer(
  name: string,
  answer: (n: number) => Promise<Record<string, unknown>>,
): Promise<number> {
  for (let n = 1; n <= 200; n++) if (!isEmpty(await answer(n))) return n;
  throw new Error(`${name} finds nothing.`);
}

const port = 4_830;
