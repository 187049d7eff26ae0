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

/** Something to write, as its domain's bulk write takes it, and the source lines it accounts for. */
export type ImportRecord = { type: RecordType; input: unknown; lines: number[] };

/** Source lines that become nothing, and why. */
export type Refusal = { reason: string; lines: number[] };

export type ImportItem = ImportRecord | Refusal;

export type ImportOptions = {
  /** Names the system the files come from; external ids are its. */
  source: string;
  /** Where the source has no dates: the instant of its first row. */
  undatedAt: Date | null;
};

/** A file by its path, and its bytes as text lines or chunks, decompressed. */
export type ImportFile = { path: string; open: () => AsyncIterable<Buffer> };

/**
 * One kind of file. Reading the same files gives the same items in the same order, which is what lets an import go on
 * where it was killed.
 */
export type ImportFormat = {
  needsUndatedAt: boolean;
  read(files: ImportFile[], options: ImportOptions): AsyncIterable<ImportItem>;
};
