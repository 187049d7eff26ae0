import { DomainError } from './errors.ts';

export type Outcome = 'CREATED' | 'UPDATED' | 'NOOP';

/** Result of an upsert. `warnings` list the parts of the input that an import omitted. */
export type UpsertResult = { id: string; outcome: Outcome; warnings?: DomainError[] };

/** Result of an item in a bulk write, which is written or rejected independently of the others. */
export type WriteResult = UpsertResult | DomainError;

/** Writes the accepted items, and returns the results with rejections in their places. */
export async function writeAccepted<T>(
  items: (T | DomainError)[],
  write: (passed: T[]) => Promise<WriteResult[]>,
): Promise<WriteResult[]> {
  const written = await write(items.filter((item) => accepted(item)));
  let next = 0;
  return items.map((item) => (refused(item) ? item : (written[next++] ?? missing())));
}

function missing(): never {
  throw new Error('A write returned fewer results than it received items.');
}

/** Returns the value, or a DomainError as a value. Throws any other error. */
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
