import { DomainError } from '../../lib/errors.ts';
import { parseJson } from '../../lib/json/json.ts';
import { type Line, linesOf } from '../files/lines.ts';
import { type ImportFormat, type ImportItem, isRecordType, recordTypes, refusal, type SourceRow } from '../format.ts';
import { inputOf } from './jsonl-input.ts';

/**
 * One JSON object per line: `type`, and the fields of the input of that type's mutation. Where the mutation takes
 * `externalId: { source, value }`, a string is the value, and the source is that of the import. `""` in a field means
 * null. For a line of a rejects file, its `row` is imported.
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
  return readText(line.text, { ...at, json: () => line.text }, source);
}

function readText(text: string, row: SourceRow, source: string): ImportItem {
  const value = parse(text);
  if (value instanceof DomainError) return { error: value, rows: [row] };
  if (value === undefined) return refusal('Not valid JSON.', [{ ...row, json: () => JSON.stringify(text) }]);
  if (!isObject(value) || !isReject(value)) return readRow(value, row, source);
  if (value.row === undefined) {
    const { json: _, ...at } = row;
    return refusal('This line of a rejects file has no `row`. Import the original file again without --no-rows.', [at]);
  }
  const rejected = { ...row, json: () => JSON.stringify(value.row) };
  return typeof value.row === 'string' ? readText(value.row, rejected, source) : readRow(value.row, rejected, source);
}

function readRow(value: unknown, row: SourceRow, source: string): ImportItem {
  if (!isObject(value)) return refusal('Each line must be a JSON object with a `type`.', [row]);
  const { type, ...given } = value;
  if (!isRecordType(type)) {
    const name = typeof type === 'string' ? { type } : {};
    return refusal(`\`type\` must be one of ${recordTypes.join(', ')}.`, [row], { ...name, key: given.key });
  }
  return { type, key: given.key, ...inputOf(type, given, source), rows: [row] };
}

// Returns undefined if the text is not JSON.
function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    return error instanceof DomainError ? error : undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// No record type has these fields.
function isReject(value: Record<string, unknown>): boolean {
  return 'reason' in value && ('row' in value || ('file' in value && 'line' in value));
}
