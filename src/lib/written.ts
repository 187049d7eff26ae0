import { DomainError } from './errors.ts';

export type Outcome = 'CREATED' | 'UPDATED' | 'NOOP';

/** What an upsert did to one thing. */
export type Written = { id: string; outcome: Outcome };

/** Many at once: each item is written or refused on its own. */
export type WriteResult = Written | DomainError;

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
