import type { Db } from './database.ts';

/** Values by name: text, numbers, timestamps, and amounts as text. */
export type Values = Record<string, unknown>;

/** Input of a fact: a record, another fact, or values without an ID. */
export type FactInput = { name: string; id: string | null; value: Values };

/** How a row became a fact, for tables where that depends on other rows or on the clock. */
export type FactRule<Row extends Values = Values> = {
  /** Rule that produces the fact, in plain English. */
  method: string;
  /** Computes the current status. */
  status?(row: Row): string;
  /** Reads the latest inputs, at most `maxInputs`. */
  inputs(db: Db, row: Row): Promise<FactInput[]>;
};

/** Maximum number of inputs of an explanation. */
export const maxInputs = 100;
