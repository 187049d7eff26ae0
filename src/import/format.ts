import { domains } from '../domains.ts';
import { DomainError, type Problem } from '../lib/errors.ts';
import type { Domain, ImportType } from '../manifest.ts';
import type { Hint } from './hints.ts';

type Domains = typeof domains;

export type RecordType = KeysOf<{ [D in keyof Domains]: RecordsOf<Domains[D]> }[keyof Domains]> & string;

type RecordsOf<D> = D extends { records: infer R } ? R : never;
type KeysOf<T> = T extends unknown ? keyof T : never;

/** What the domains say about their record types. */
export const importTypes = Object.fromEntries(
  Object.values<Domain>(domains).flatMap(({ records = {} }) => Object.entries(records)),
) as Readonly<Record<RecordType, ImportType>>;

/** Record types, ordered so that each refers only to those before it. */
export const recordTypes = Object.keys(importTypes).filter(isRecordType);

export function isRecordType(type: unknown): type is RecordType {
  return typeof type === 'string' && Object.hasOwn(importTypes, type);
}

/** A row of a source file. */
export type SourceRow = {
  /** Path of the file, as given. */
  file: string;
  /** Line where the row begins, from 1. */
  line: number;
  /** Returns the row as JSON. Absent if the row cannot be shown. */
  json?(): string;
  /** Length in characters. Set for formats whose rows may be long. */
  length?: number;
};

/** A record to write, in the form its domain's bulk write accepts, and the source rows it accounts for. */
export type ImportRecord = {
  type: RecordType;
  /** The record's key, as written in the file. */
  key: unknown;
  input: object;
  rows: SourceRow[];
  /** The row that produced this record, if the record accounts for no row. */
  from?: SourceRow;
  /** Problems that the format found. The domain's own validation adds to them. */
  problems?: Problem[];
  /** Messages to use for fields that the domain rejects. */
  hints?: Hint[];
};

/** Source rows that produce no record, and the reason. */
export type Refusal = { error: DomainError; rows: SourceRow[]; type?: string; key?: unknown };

export type ImportItem = ImportRecord | Refusal;

export function refusal(reason: string, rows: SourceRow[], rest: { type?: string; key?: unknown } = {}): Refusal {
  return { error: new DomainError('INVALID_INPUT', reason), rows, ...rest };
}

export type ImportOptions = {
  /** Name of the system the files come from. Its name is part of every external ID. */
  source: string;
  /** Timestamp of the first row, for sources without dates. */
  undatedAt: Date | null;
};

/** Path of a file, and its decompressed bytes. */
export type ImportFile = { path: string; open: () => AsyncIterable<Buffer> };

/**
 * A file format. Reading the same files must return the same items in the same order, because interrupted imports and
 * waiting rows find their items by number.
 */
export type ImportFormat = {
  needsUndatedAt: boolean;
  read(files: ImportFile[], options: ImportOptions): AsyncIterable<ImportItem>;
};
