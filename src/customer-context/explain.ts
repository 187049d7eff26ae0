import type { Db } from '../db/database.ts';
import { countedScope, explainCounted } from './explain-counted.ts';
import { explainRecord, scopeOfRecord } from './explain-record.ts';
import { decodeFactId } from './fact-id.ts';

/** What a fact rests on: a record, another fact, or values that have no id. */
export type FactInput = { name: string; id: string | null; value: Values };

/** What a fact says, how it is known, and from what. */
export type Explanation = {
  kind: 'STORED' | 'STATED' | 'OBSERVED' | 'INFERRED' | 'COMPUTED';
  value: Values;
  /** The rule, in words, and which version of it; of what is stored, of the record. */
  method: string;
  version: number;
  /** The first of them. */
  inputs: FactInput[];
  numberOfInputs: number;
  at: Date;
  confidence: number;
};

/** A value of a column as the caller may see it. */
export type Show = (customerId: string | null, table: string, column: string, value: unknown) => unknown;

/** Values by name: texts, numbers, instants, and amounts as text. */
export type Values = Record<string, unknown>;

/** The scope that shows a fact; null where the text is the id of none. */
export function scopeOfFact(id: string): string | null {
  const subject = decodeFactId(id);
  return subject && (subject.name === 'record' ? scopeOfRecord(subject.type) : countedScope);
}

/** How a fact is known, as of now; null where there is no such fact. */
export async function explainFact(db: Db, id: string, show: Show): Promise<Explanation | null> {
  const subject = decodeFactId(id);
  if (!subject) return null;
  return subject.name === 'record' ? explainRecord(db, subject.type, subject.id, show) : explainCounted(db, subject);
}
