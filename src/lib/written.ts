import { DomainError } from './errors.ts';

export type Outcome = 'CREATED' | 'UPDATED' | 'NOOP';

/** What an upsert did to one thing. */
export type Written = { id: string; outcome: Outcome };

/** Many at once: each item is written or refused on its own. */
export type WriteResult = Written | DomainError;

/** The one result of a write of one: thrown where it was refused. */
export function only(results: WriteResult[]): Written {
  const [result] = results;
  if (result === undefined) throw new Error('A write of one thing gave no result.');
  if (result instanceof DomainError) throw result;
  return result;
}

/**
 * Writes items in rounds in which no two share a key, in their order, so that the second item about one thing sees
 * what the first has written.
 */
export async function inRounds<Item>(
  items: Item[],
  keysOf: (item: Item) => string[],
  write: (items: Item[]) => Promise<WriteResult[]>,
): Promise<WriteResult[]> {
  const results: WriteResult[] = [];
  let round: Item[] = [];
  let taken = new Set<string>();
  for (const item of items) {
    const keys = keysOf(item);
    if (keys.some((key) => taken.has(key))) {
      results.push(...(await write(round)));
      round = [];
      taken = new Set();
    }
    round.push(item);
    for (const key of keys) taken.add(key);
  }
  if (round.length > 0) results.push(...(await write(round)));
  return results;
}

/** Reads each item by `parse`, writes those that pass, and puts refusals back in their places. */
export async function writeValid<Parsed>(
  inputs: unknown[],
  parse: (input: unknown) => Parsed,
  write: (parsed: Parsed[]) => Promise<WriteResult[]>,
): Promise<WriteResult[]> {
  const parsed = inputs.map((input) => attempt(() => parse(input)));
  const written = await write(parsed.filter((item) => accepted(item)));
  let next = 0;
  return parsed.map((item) => (refused(item) ? item : (written[next++] ?? missing())));
}

/** Writes items one after the other. Each must check everything before it writes anything. */
export async function oneByOne(inputs: unknown[], write: (input: unknown) => Promise<Written>): Promise<WriteResult[]> {
  const results: WriteResult[] = [];
  for (const input of inputs) {
    results.push(
      await write(input).catch((error: unknown) => {
        if (error instanceof DomainError) return error;
        throw error;
      }),
    );
  }
  return results;
}

/** The value, or the refusal as a value; faults go on being thrown. */
export function attempt<T>(work: () => T): T | DomainError {
  try {
    return work();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

export function refused(result: unknown): result is DomainError {
  return result instanceof DomainError;
}

export function accepted<T>(result: T | DomainError): result is T {
  return !refused(result);
}

function missing(): never {
  throw new Error('A write gave fewer results than it was given items.');
}
