import { DomainError } from '../../lib/errors.ts';
import { pace } from '../../lib/event-loop.ts';
import { accepted, attempt, refused, type WriteResult, type Written, writePassed } from '../../lib/upsert-result.ts';
import type { Db, Tx } from '../database.ts';
import type { Statement, Statements } from '../statements.ts';
import { type Bulk, bulkOf } from './bulk.ts';
import { transact, transactBySql } from './transact.ts';

/** Writes entities of one type. Items are validated one by one; the valid ones are written together. */
export type Writer<Item, Within extends Statements = Tx> = {
  /** Parses one input and throws if it is invalid on its own. */
  parse(input: unknown): Item;
  /** Estimates how many rows an item writes. */
  weigh(item: Item): number;
  /** Writes or rejects each item. Results are in the order of the items. */
  write(tx: Within, items: Item[]): Promise<WriteResult[]>;
};

/** Writes one entity in its own transaction. */
export async function writeOne<Item>(db: Db, writer: Writer<Item>, input: unknown): Promise<Written> {
  const item = writer.parse(input);
  return transact(db, (tx) => writeAlone(tx, writer, item));
}

/** Like `writeOne`, for writes that do not need Prisma. */
export async function writeOneBySql<Item>(db: Db, writer: Writer<Item, Statements>, input: unknown): Promise<Written> {
  const item = writer.parse(input);
  return transactBySql(db, (tx) => writeAlone(tx, writer, item));
}

async function writeAlone<Item, Within extends Statements>(
  tx: Within,
  writer: Writer<Item, Within>,
  item: Item,
): Promise<Written> {
  const [result] = await writer.write(tx, [item]);
  if (result === undefined) throw new Error('Writing one item returned no result.');
  if (refused(result)) throw result;
  return result;
}

/** Steps of a bulk upsert. They run a handful of statements, no matter how many items there are. */
export type Steps<Item, Subject extends About<Item>, Context, Plan extends Written, Within extends Statements = Tx> = {
  /** Defaults to 1. */
  weigh?(item: Item): number;
  /** Finds the entity of each item and what it refers to, or returns the error for that item. */
  identify(tx: Within, items: Item[]): Promise<(Subject | DomainError)[]>;
  /** Reads everything needed to plan, and locks the rows that are about to change. */
  read(tx: Within, subjects: Subject[]): Promise<Context>;
  /** Plans the changes of one item, or throws an error. */
  plan(subject: Subject, context: Context, i: number): Plan;
  /** Returns the statements that carry out the plans. Plans that change nothing are left out. */
  write(plans: Plan[], bulk: Bulk): Statement[];
};

/**
 * `keys` holds the ID of an existing entity, or the key of a new one. Items that share a key are written one at a time.
 */
export type About<Item> = { input: Item; keys: string[] };

export function inSteps<Item, Subject extends About<Item>, Context, Plan extends Written, Within extends Statements>(
  steps: Steps<Item, Subject, Context, Plan, Within>,
): Pick<Writer<Item, Within>, 'weigh' | 'write'> {
  const write = async (tx: Within, items: Item[]): Promise<WriteResult[]> => {
    const results: WriteResult[] = [];
    for (let size = items.length; results.length < items.length; ) {
      // Items written so far may change which entity the next ones refer to, so items are identified in chunks.
      const piece = items.slice(results.length, results.length + size);
      const subjects = await steps.identify(tx, piece);
      const end = firstRepeat(subjects);
      results.push(...(await writePassed(subjects.slice(0, end), (passed) => inRounds(tx, passed, steps))));
      // Repeated keys tend to cluster. A short next chunk means that fewer items are identified twice.
      size = 2 * end;
    }
    return results;
  };
  return { weigh: steps.weigh ?? weighOne, write };
}

// Returns the index of the first item with the same key as an earlier one, or the number of items if there is none.
function firstRepeat(subjects: (About<unknown> | DomainError)[]): number {
  const taken = new Set<string>();
  for (const [i, subject] of subjects.entries()) {
    const keys = refused(subject) ? [] : subject.keys;
    if (keys.some((key) => taken.has(key))) return i;
    for (const key of keys) taken.add(key);
  }
  return subjects.length;
}

// Rounds start small and double in size. The database starts writing early, and writing a round takes longer than
// planning the next.
const firstRoundWeight = 500;
const mostRoundWeight = 5_000;

// The next round is read and planned while the database writes the current one.
async function inRounds<Item, Subject extends About<Item>, Context, Plan extends Written, Within extends Statements>(
  tx: Within,
  subjects: Subject[],
  { weigh = weighOne, read, plan, write }: Steps<Item, Subject, Context, Plan, Within>,
): Promise<WriteResult[]> {
  const results: WriteResult[] = [];
  const rounds = roundsOf(subjects, ({ input }) => weigh(input));
  const bulk = await bulkOf(tx);
  let reading = rounds[0] && read(tx, rounds[0]);
  let writing: Promise<unknown> = Promise.resolve();
  const giveWay = pace();
  for (const [r, round] of rounds.entries()) {
    const context = (await reading) as Context;
    const next = rounds[r + 1];
    reading = next && read(tx, next);
    reading?.catch(() => undefined);
    const plans: (Plan | DomainError)[] = [];
    for (const [i, subject] of round.entries()) {
      // Planning yields often, or the write in progress would wait for its next statement.
      await giveWay();
      plans.push(attempt(() => plan(subject, context, i)));
    }
    for (const each of plans) results.push(refused(each) ? each : writtenBy(each));
    const changes = plans.filter((each) => accepted(each)).filter(({ outcome }) => outcome !== 'NOOP');
    const statements = write(changes, bulk);
    // The first failure is the cause: a failed transaction rejects everything after it.
    await Promise.all([reading, writing]);
    writing = tx.sendAll(statements);
    writing.catch(() => undefined);
  }
  await writing;
  return results;
}

function writtenBy({ id, outcome, warnings }: Written): Written {
  return warnings && warnings.length > 0 ? { id, outcome, warnings } : { id, outcome };
}

function roundsOf<Subject>(subjects: Subject[], weigh: (subject: Subject) => number): Subject[][] {
  const rounds: Subject[][] = [];
  let weight = Number.POSITIVE_INFINITY;
  for (const subject of subjects) {
    if (weight >= Math.min(firstRoundWeight * 2 ** (rounds.length - 1), mostRoundWeight)) {
      rounds.push([]);
      weight = 0;
    }
    rounds.at(-1)?.push(subject);
    weight += weigh(subject);
  }
  return rounds;
}

/** Writes items one at a time. `write` must validate its item fully before it writes anything. */
export function oneByOne<Item>(write: (tx: Tx, item: Item) => Promise<Written>): Pick<Writer<Item>, 'weigh' | 'write'> {
  const writeEach: Writer<Item>['write'] = async (tx, items) => {
    const results: WriteResult[] = [];
    for (const item of items) {
      results.push(
        await write(tx, item).catch((error: unknown) => {
          if (error instanceof DomainError) return error;
          throw error;
        }),
      );
    }
    return results;
  };
  return { weigh: weighOne, write: writeEach };
}

const weighOne = () => 1;
