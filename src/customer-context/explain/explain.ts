import type { Db } from '../../db/database.ts';
import { decodeFactId } from '../../lib/fact-id.ts';
import { countedScope, explainCounted } from './explain-counted.ts';
import { explainRecord, scopeOfRecord } from './explain-record.ts';

/** Input of a fact: a record, another fact, or values without an ID. */
export type FactInput = { name: string; id: string | null; value: Values };

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

/** Values by name: text, numbers, timestamps, and amounts as text. */
export type Values = Record<string, unknown>;

/** Returns the scope required to read a fact. Null if the text is not a fact ID. */
export function scopeOfFact(id: string): string | null {
  const subject = decodeFactId(id);
  return subject && (subject.name === 'record' ? scopeOfRecord(subject.type) : countedScope);
}

/** Explains a fact as of now. Null if there is no such fact. */
export async function explainFact(db: Db, id: string, show: Show): Promise<Explanation | null> {
  const subject = decodeFactId(id);
  if (!subject) return null;
  return subject.name === 'record' ? explainRecord(db, subject.type, subject.id, show) : explainCounted(db, subject);
}
