import type { Db } from '../../db/database.ts';
import { decodeFactId } from '../../lib/fact-id.ts';
import { countedScope, explainCounted } from './explain-counted.ts';
import { explainRecord, scopeOfRecord } from './explain-record.ts';
import type { Explanation, Show } from './explanation.ts';

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
