import { DomainError } from '../lib/errors.ts';
import { pace } from '../lib/pace.ts';
import { accepted, attempt, refused, type WriteResult, type Written, writePassed } from '../lib/written.ts';
import { type Bulk, bulkOf } from './bulk.ts';
import type { Db, Tx } from './database.ts';
import type { Statement, Statements } from './statements.ts';
import { transact, transactBySql } from './transact.ts';

/** How things of one type are written, one or many: each is read on its own, those that pass are written together. */
export type Writer<Item, Within extends Statements = Tx> = {
  /** Throws what is wrong with an input by itself. */
  parse(input: unknown): Item;
  /** How many rows an item makes, about. */
  weigh(item: Item): number;
  /** Writes each or refuses it; results in the order of the items. */
  write(tx: Within, items: Item[]): Promise<WriteResult[]>;
};

/** Writes one thing in a transaction of its own. */
export async function writeOne<Item>(db: Db, writer: Writer<Item>, input: unknown): Promise<Written> {
  const item = writer.parse(input);
  return transact(db, (tx) => writeAlone(tx, writer, item));
}

/** The same for what needs nothing of Prisma. */
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
  if (result === undefined) throw new Error('A write of one thing gave no result.');
  if (refused(result)) throw result;
  return result;
}

/** A write in steps, in a handful of statements whatever the number of items. */
export type Steps<Item, Subject extends About<Item>, Context, Plan extends Written, Within extends Statements = Tx> = {
  /** 1 unless told. */
  weigh?(item: Item): number;
  /** Finds what each item is about and refers to, or why it cannot be written. */
  identify(tx: Within, items: Item[]): Promise<(Subject | DomainError)[]>;
  /** Reads all that must be known for a decision, and locks what is going to change. */
  read(tx: Within, subjects: Subject[]): Promise<Context>;
  /** Says what one item changes, or throws why not. */
  plan(subject: Subject, context: Context, i: number): Plan;
  /** What makes those plans true that change anything. */
  write(plans: Plan[], bulk: Bulk): Statement[];
};

/**
 * `keys` are our id of what is known, what it is called of what is new. Items that share one are written one after the
 * other.
 */
export type About<Item> = { input: Item; keys: string[] };

export function inSteps<Item, Subject extends About<Item>, Context, Plan extends Written, Within extends Statements>(
  steps: Steps<Item, Subject, Context, Plan, Within>,
): Pick<Writer<Item, Within>, 'weigh' | 'write'> {
  const write = async (tx: Within, items: Item[]): Promise<WriteResult[]> => {
    const results: WriteResult[] = [];
    for (let size = items.length; results.length < items.length; ) {
      // The items written so far may change what the next ones are about, so they are identified piece by piece.
      const piece = items.slice(results.length, results.length + size);
      const subjects = await steps.identify(tx, piece);
      const end = firstRepeat(subjects);
      results.push(...(await writePassed(subjects.slice(0, end), (passed) => inRounds(tx, passed, steps))));
      // Repeats tend to cluster. A short next piece keeps the number of items that are identified twice low.
      size = 2 * end;
    }
    return results;
  };
  return { weigh: steps.weigh ?? weighOne, write };
}

// Index of the first item that is about the same thing as an earlier one; the number of items if there is none.
function firstRepeat(subjects: (About<unknown> | DomainError)[]): number {
  const taken = new Set<string>();
  for (const [i, subject] of subjects.entries()) {
    const keys = refused(subject) ? [] : subject.keys;
    if (keys.some((key) => taken.has(key))) return i;
    for (const key of keys) taken.add(key);
  }
  return subjects.length;
}

// Rounds begin small and double: the database soon has something to write, and each takes it longer than it takes to
// plan the next.
const firstRoundWeight = 500;
const mostRoundWeight = 5_000;

// While the database writes one round, the next one is read and planned.
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
      // In small steps, or the write at hand would wait for its next statement.
      await giveWay();
      plans.push(attempt(() => plan(subject, context, i)));
    }
    for (const each of plans) results.push(refused(each) ? each : writtenBy(each));
    const changes = plans.filter((each) => accepted(each)).filter(({ outcome }) => outcome !== 'NOOP');
    const statements = write(changes, bulk);
    // Whichever fails first is the cause: a transaction that has failed refuses all the rest.
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

/** Writes items one after the other. Each must check everything before it writes anything. */
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
