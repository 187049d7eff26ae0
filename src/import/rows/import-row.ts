import { refused, type WriteResult } from '../../lib/upsert-result.ts';
import type { RecordType, SourceRow } from '../format.ts';
import type { Hint } from '../hints.ts';

/** An item, validated by its domain and ready to be written. */
export type ImportRow = {
  /** Position among all items of the run, from 0. */
  number: number;
  type: RecordType | null;
  /** Type as written in the file, even if it is unknown. */
  typeName: string | null;
  key: unknown;
  rows: SourceRow[];
  /** Where to report the item: its own rows, or the row it comes from. */
  reportAt: SourceRow[];
  /** The input to write, or the error that prevents it. */
  item: unknown;
  weight: number;
  /** Messages to use for fields that the domain rejects. */
  hints: Hint[];
  /** Subject of the item, for types whose rows may wait for others. Null for other types. */
  subject: string | null;
};

/** Result of writing a row. Null if the row was skipped because an earlier row about the same subject waits. */
export type Attempt = { row: ImportRow; result: WriteResult | null };

/** Returns whether a row was rejected because a record it refers to does not exist, or not yet. */
export function lacksReference(result: WriteResult): boolean {
  return refused(result) && result.code === 'NOT_FOUND' && result.details.field?.[0] !== 'key';
}
