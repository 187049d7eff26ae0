import { z } from 'zod';
import { DomainError } from '../../lib/errors.ts';
import { parseJson } from '../../lib/json.ts';
import { linesOf } from '../files.ts';
import { type ImportFormat, type ImportItem, recordTypes } from '../format.ts';

const typed = z.looseObject({ type: z.enum(recordTypes) });

// Where a record may name things by an external id; anything else, such as metadata, is taken as it is.
const nested = new Set([
  'key',
  'customer',
  'order',
  'product',
  'location',
  'case',
  'interaction',
  'lines',
  'payments',
  'fulfillments',
]);

/**
 * One object a line: `type`, and then just what the mutation of that type takes. Wherever that takes
 * `externalId: { source, value }`, a plain text is the value and the import's source is meant.
 */
export const jsonl: ImportFormat = {
  needsUndatedAt: false,
  async *read(files, { source }) {
    let before = 0;
    for (const file of files) {
      let last = 0;
      for await (const { number, text } of linesOf(file)) {
        last = number;
        if (text.trim() !== '') yield readLine(text, before + number, source);
      }
      before += last;
    }
  },
};

function readLine(text: string, line: number, source: string): ImportItem {
  let parsed: unknown;
  try {
    parsed = parseJson(text);
  } catch (error) {
    return { reason: error instanceof DomainError ? error.message : 'Is not JSON.', lines: [line] };
  }
  const result = typed.safeParse(parsed);
  if (!result.success) return { reason: `\`type\` must be one of ${recordTypes.join(', ')}.`, lines: [line] };
  const { type, ...input } = result.data;
  return { type, input: qualify(input, source), lines: [line] };
}

function qualify(value: unknown, source: string): unknown {
  if (Array.isArray(value)) return value.map((each) => qualify(each, source));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, each]) => {
      if (field === 'externalId' && typeof each === 'string') return [field, { source, value: each }];
      if (field === 'externalIds' && Array.isArray(each)) {
        return [field, each.map((id) => (typeof id === 'string' ? { source, value: id } : id))];
      }
      return [field, nested.has(field) ? qualify(each, source) : each];
    }),
  );
}
