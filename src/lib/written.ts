import { DomainError } from './errors.ts';

export type Outcome = 'CREATED' | 'UPDATED' | 'NOOP';

/** What an upsert did to one thing; `warnings` say which parts of the input an import left out. */
export type Written = { id: string; outcome: Outcome; warnings?: DomainError[] };

/** Many at once: each item is written or refused on its own. */
export type WriteResult = Written | DomainError;

/** Takes what passed through `write`, and puts refusals back in their places. */
export async function writePassed<T>(
  items: (T | DomainError)[],
  write: (passed: T[]) => Promise<WriteResult[]>,
): Promise<WriteResult[]> {
  const written = await write(items.filter((item) => accepted(item)));
  let next = 0;
  return items.map((item) => (refused(item) ? item : (written[next++] ?? missing())));
}

function missing(): never {
  throw new Error('A write gave fewer results than it was given items.');
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
