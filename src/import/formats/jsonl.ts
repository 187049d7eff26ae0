import { isNestedDeeper, maxJsonLevels } from '../../lib/json-value.ts';
import {
  type ImportFormat,
  type ImportItem,
  type RecordType,
  recordTypes,
  refusal,
  type SourceRow,
} from '../format.ts';
import { type Line, linesOf } from '../lines.ts';
import { inputOf } from './jsonl-input.ts';

/**
 * One object a line: `type`, and then just what the mutation of that type takes. Wherever that takes
 * `externalId: { source, value }`, a plain text is the value and the import's source is meant. `""` in a field means
 * null. A line of a rejects file stands for its `row`.
 */
export const jsonl: ImportFormat = {
  needsUndatedAt: false,
  async *read(files, { source }) {
    for (const file of files)
      for await (const line of linesOf(file)) {
        if ('flaw' in line || line.text.trim() !== '') yield readLine(line, file.path, source);
      }
  },
};

function readLine(line: Line, file: string, source: string): ImportItem {
  if ('flaw' in line) return refusal(line.flaw, [{ file, line: line.number }]);
  const at = { file, line: line.number, length: line.text.length };
  const read = parse(line.text);
  if (!read) return refusal('Not valid JSON.', [{ ...at, json: () => JSON.stringify(line.text) }]);
  // Only what is not nested too deep can be walked and written.
  if (isNestedDeeper(read.value)) {
    return refusal(`Must not be nested deeper than ${maxJsonLevels} levels.`, [{ ...at, json: () => line.text }]);
  }
  if (!isObject(read.value)) return readRow(read.value, { ...at, json: () => line.text }, source);
  const { value } = read;
  if (!isReject(value)) return readRow(value, { ...at, json: () => line.text }, source);
  if (value.row === undefined) {
    return refusal('This line of a rejects file has no row. Import the original file again, without --no-rows.', [at]);
  }
  const row = typeof value.row === 'string' ? parse(value.row) : { value: value.row };
  const sourceRow = { ...at, json: () => JSON.stringify(value.row) };
  return row ? readRow(row.value, sourceRow, source) : refusal('Not valid JSON.', [sourceRow]);
}

function readRow(value: unknown, row: SourceRow, source: string): ImportItem {
  const { type, ...given } = isObject(value) ? value : {};
  if (!isRecordType(type)) {
    const name = typeof type === 'string' ? { type } : {};
    return refusal(`\`type\` must be one of ${recordTypes.join(', ')}.`, [row], { ...name, key: given.key });
  }
  return { type, key: given.key, ...inputOf(type, given, source), rows: [row] };
}

function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// No type has these fields.
function isReject(value: Record<string, unknown>): boolean {
  return 'reason' in value && ('row' in value || ('file' in value && 'line' in value));
}

function isRecordType(type: unknown): type is RecordType {
  return recordTypes.some((each) => each === type);
}
