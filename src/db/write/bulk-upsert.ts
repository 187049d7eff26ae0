import { DomainError } from '../../lib/errors.ts';
import { eventLoopYielder } from '../../lib/event-loop.ts';
import {
  accepted,
  attempt,
  refused,
  type UpsertResult,
  type WriteResult,
  writeAccepted,
} from '../../lib/upsert-result.ts';
import type { Db, Tx } from '../database.ts';
import type { Statement, Statements } from '../statements.ts';
import { type Bulk, bulkOf } from './bulk.ts';
import { transact, transactBySql } from './transact.ts';

/** Writes entities of one type. Items are validated one by one; the valid ones are written together. */
export type BulkWriter<Item, Within extends Statements = Tx> = {
  /** Parses one input and throws if it is invalid on its own. */
  parse(input: unknown): Item;
  /** Estimates how many rows an item writes. */
  weigh(item: Item): number;
  /** Writes or rejects each item. Results are in the order of the items. */
  write(tx: Within, items: Item[]): Promise<WriteResult[]>;
};

/** Writes one entity in its own transaction. */
export async function writeOne<Item>(db: Db, writer: BulkWriter<Item>, input: unknown): Promise<UpsertResult> {
  const item = writer.parse(input);
  return transact(db, (tx) => writeSingle(tx, writer, item));
}

/** Like `writeOne`, for writes that do not need Prisma. */
export async function writeOneBySql<Item>(
  db: Db,
  writer: BulkWriter<Item, Statements>,
  input: unknown,
): Promise<UpsertResult> {
  const item = writer.parse(input);
  return transactBySql(db, (tx) => writeSingle(tx, writer, item));
}

async function writeSingle<Item, Within extends Statements>(
  tx: Within,
  writer: BulkWriter<Item, Within>,
  item: Item,
): Promise<UpsertResult> {
  const [result] = await writer.write(tx, [item]);
  if (result === undefined) throw new Error('Writing one item returned no result.');
  if (refused(result)) throw result;
  return result;
}

/** Steps of a bulk upsert. They run a handful of statements, no matter how many items there are. */
export type BulkUpsertSteps<
  Item,
  Subject extends Keyed<Item>,
  Context,
  Plan extends UpsertResult,
  Within extends Statements = Tx,
> = {
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
export type Keyed<Item> = { input: Item; keys: string[] };

export function bulkUpsert<
  Item,
  Subject extends Keyed<Item>,
  Context,
  Plan extends UpsertResult,
  Within extends Statements,
>(steps: BulkUpsertSteps<Item, Subject, Context, Plan, Within>): Pick<BulkWriter<Item, Within>, 'weigh' | 'write'> {
  const write = async (tx: Within, items: Item[]): Promise<WriteResult[]> => {
    const results: WriteResult[] = [];
    for (let size = items.length; results.length < items.length; ) {
      // Items written so far may change which entity the next ones refer to, so items are identified in chunks.
      const chunk = items.slice(results.length, results.length + size);
      const subjects = await steps.identify(tx, chunk);
      const end = indexOfRepeatedKey(subjects);
      results.push(...(await writeAccepted(subjects.slice(0, end), (valid) => writeBatches(tx, valid, steps))));
      // Repeated keys tend to cluster. A short next chunk means that fewer items are identified twice.
      size = 2 * end;
    }
    return results;
  };
  return { weigh: steps.weigh ?? weighOne, write };
}

// Returns the index of the first item with the same key as an earlier one, or the number of items if there is none.
function indexOfRepeatedKey(subjects: (Keyed<unknown> | DomainError)[]): number {
  const taken = new Set<string>();
  for (const [i, subject] of subjects.entries()) {
    const keys = refused(subject) ? [] : subject.keys;
    if (keys.some((key) => taken.has(key))) return i;
    for (const key of keys) taken.add(key);
  }
  return subjects.length;
}

// Batches start small and double in size. The database starts writing early, and writing a batch takes longer than
// planning the next.
const firstBatchWeight = 500;
const maxBatchWeight = 5_000;

// The next batch is read and planned while the database writes the current one.
async function writeBatches<
  Item,
  Subject extends Keyed<Item>,
  Context,
  Plan extends UpsertResult,
  Within extends Statements,
>(
  tx: Within,
  subjects: Subject[],
  { weigh = weighOne, read, plan, write }: BulkUpsertSteps<Item, Subject, Context, Plan, Within>,
): Promise<WriteResult[]> {
  const results: WriteResult[] = [];
  const batches = batchesOf(subjects, ({ input }) => weigh(input));
  const bulk = await bulkOf(tx);
  let reading = batches[0] && read(tx, batches[0]);
  let writing: Promise<unknown> = Promise.resolve();
  const yieldToEventLoop = eventLoopYielder();
  for (const [b, batch] of batches.entries()) {
    const context = (await reading) as Context;
    const next = batches[b + 1];
    reading = next && read(tx, next);
    reading?.catch(() => undefined);
    const plans: (Plan | DomainError)[] = [];
    for (const [i, subject] of batch.entries()) {
      // Planning yields often, or the write in progress would wait for its next statement.
      await yieldToEventLoop();
      plans.push(attempt(() => plan(subject, context, i)));
    }
    for (const each of plans) results.push(refused(each) ? each : resultOf(each));
    const changes = plans.filter((each) => accepted(each)).filter(({ outcome }) => outcome !== 'NOOP');
    const statements = write(changes, bulk);
    // The first failure is the cause: a failed transaction rejects everything after it.
    await Promise.all([reading, writing]);
    writing = next ? tx.sendAll(statements) : tx.sendLater(statements);
    writing.catch(() => undefined);
  }
  await writing;
  return results;
}

function resultOf({ id, outcome, warnings }: UpsertResult): UpsertResult {
  return warnings && warnings.length > 0 ? { id, outcome, warnings } : { id, outcome };
}

function batchesOf<Subject>(subjects: Subject[], weigh: (subject: Subject) => number): Subject[][] {
  const batches: Subject[][] = [];
  let weight = Number.POSITIVE_INFINITY;
  for (const subject of subjects) {
    if (weight >= Math.min(firstBatchWeight * 2 ** (batches.length - 1), maxBatchWeight)) {
      batches.push([]);
      weight = 0;
    }
    batches.at(-1)?.push(subject);
    weight += weigh(subject);
  }
  return batches;
}

/** Writes items one at a time. `write` must validate its item fully before it writes anything. */
export function oneByOne<Item>(
  write: (tx: Tx, item: Item) => Promise<UpsertResult>,
): Pick<BulkWriter<Item>, 'weigh' | 'write'> {
  const writeEach: BulkWriter<Item>['write'] = async (tx, items) => {
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
