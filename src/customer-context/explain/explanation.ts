import type { FactInput, Values } from '../../db/fact-rule.ts';

/** Explanation of a fact: its value, its method and its inputs. */
export type Explanation = {
  kind: 'STORED' | 'STATED' | 'OBSERVED' | 'INFERRED' | 'COMPUTED';
  value: Values;
  /** Rule that produces the fact, in plain English. */
  method: string;
  /** Version of the rule or, for a stored fact, of the record. */
  version: number;
  /** Latest inputs. `numberOfInputs` is their total number. */
  inputs: FactInput[];
  numberOfInputs: number;
  at: Date;
  confidence: number;
};

/** Returns a column's value as the caller may see it, masked where needed. */
export type Show = (customerId: string | null, table: string, column: string, value: unknown) => unknown;
