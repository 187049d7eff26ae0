/** Ends a transaction with a result and without its writes. */
export class RolledBack extends Error {
  readonly result: unknown;

  constructor(result: unknown) {
    super('The transaction was rolled back, and has a result.');
    this.result = result;
  }
}

/** Returns the result of a transaction, even if it was rolled back. */
export async function resultOf<T>(transaction: Promise<T>): Promise<T> {
  try {
    return await transaction;
  } catch (error) {
    if (error instanceof RolledBack) return error.result as T;
    throw error;
  }
}
