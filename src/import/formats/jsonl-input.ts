import { createHash } from 'node:crypto';
import { canonical } from '../../lib/changes.ts';
import type { Problem } from '../../lib/errors.ts';
import type { RecordType } from '../format.ts';
import { damaged, isDamaged } from '../identifiers.ts';

// Values of these fields are the caller's own: nothing in them is read or changed.
const opaque = new Set(['metadata', 'evidence', 'options']);

// Types that have a key but need none: without one, the same row would make another record each time.
const keyedByContent = new Set<RecordType>(['return', 'case', 'interaction', 'surveyResponse']);

const identifiers = new Set(['externalId', 'externalIds', 'sku', 'phone', 'number', 'trackingNumber']);

type Path = (string | number)[];

/**
 * A row of JSON as its domain takes it, with the identifiers that a spreadsheet has damaged. A damaged phone among
 * contact points does not cost the row: the domain says what becomes of it.
 */
export function inputOf(type: RecordType, row: object, source: string) {
  const [problems, hints]: [Problem[], Problem[]] = [[], []];

  const fieldsOf = (value: object, path: Path): [string, unknown][] =>
    Object.entries(value).map(([field, each]): [string, unknown] => {
      const at = [...path, field];
      if (identifiers.has(field)) check(each, at, problems);
      if (field === 'value' && isPhone(value)) check(each, at, hints);
      if (field === 'externalId') return [field, named(each)];
      if (field === 'externalIds' && Array.isArray(each)) return [field, each.map(named)];
      if (each === '') {
        hints.push(problem(at, 'Is missing.'));
        return [field, null];
      }
      return [field, opaque.has(field) ? each : read(each, at)];
    });
  const read = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) return value.map((each, i) => read(each, [...path, i]));
    return typeof value === 'object' && value !== null ? Object.fromEntries(fieldsOf(value, path)) : value;
  };
  // A number or the like is refused as the text that it should be.
  const named = (id: unknown) => (typeof id === 'object' || id === undefined ? id : { source, value: id });
  const check = (value: unknown, path: Path, found: Problem[]) => {
    if (Array.isArray(value)) for (const [i, each] of value.entries()) check(each, [...path, i], found);
    else if (typeof value === 'object' && value !== null) check(Object(value).value, [...path, 'value'], found);
    else if (isDamaged(value)) found.push(problem(path, damaged));
  };

  const input: { key?: unknown } = Object.fromEntries(fieldsOf(row, []));
  if (keyedByContent.has(type) && (input.key === undefined || input.key === null)) {
    input.key = { externalId: { source, value: contentKey(input) } };
  }
  return { input, problems, hints };
}

// The same for rows that say the same, whatever the order of their fields; null and nothing say the same.
function contentKey(input: object): string {
  const said = Object.entries(input).filter(([, value]) => value !== null);
  const hash = createHash('sha256').update(canonical(Object.fromEntries(said)));
  return `content:${hash.digest('hex').slice(0, 32)}`;
}

function problem(field: Path, message: string): Problem {
  return { code: 'INVALID_INPUT', message, field };
}

function isPhone(value: object): boolean {
  return 'kind' in value && value.kind === 'PHONE';
}
