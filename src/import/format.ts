import { DomainError, type Problem } from '../lib/errors.ts';
import type { Hint } from './hints.ts';

export const recordTypes = [
  'customer',
  'product',
  'order',
  'return',
  'case',
  'interaction',
  'preference',
  'consent',
  'surveyResponse',
] as const;

/** In the order in which one may refer to another. */
export type RecordType = (typeof recordTypes)[number];

/** A row of a file. */
export type SourceRow = {
  /** The file's path as given. */
  file: string;
  /** The line where the row begins. */
  line: number;
  /** The row as JSON, if it can be shown. */
  json?(): string;
  /** Characters, where a row may be long. */
  length?: number;
};

/** Something to write, as its domain's bulk write takes it, and the source rows that it accounts for. */
export type ImportRecord = {
  type: RecordType;
  /** The record's own key as the file spells it. */
  key: unknown;
  input: object;
  rows: SourceRow[];
  /** Where a record that accounts for no row comes from. */
  from?: SourceRow;
  /** What the format found wrong; the domain's own rules add to it. */
  problems?: Problem[];
  /** What to say of a field if its domain refuses it. */
  hints?: Hint[];
};

/** Source rows that become nothing, and why. */
export type Refusal = { error: DomainError; rows: SourceRow[]; type?: string; key?: unknown };

export type ImportItem = ImportRecord | Refusal;

export function refusal(reason: string, rows: SourceRow[], rest: { type?: string; key?: unknown } = {}): Refusal {
  return { error: new DomainError('INVALID_INPUT', reason), rows, ...rest };
}

export type ImportOptions = {
  /** Names the system the files come from; external ids are its. */
  source: string;
  /** Where the source has no dates: the instant of its first row. */
  undatedAt: Date | null;
};

/** A file by its path, and its bytes, decompressed. */
export type ImportFile = { path: string; open: () => AsyncIterable<Buffer> };

/**
 * One kind of file. Reading the same files gives the same items in the same order: an interrupted import and rows that
 * wait for later ones are found again by their number.
 */
export type ImportFormat = {
  needsUndatedAt: boolean;
  read(files: ImportFile[], options: ImportOptions): AsyncIterable<ImportItem>;
};
