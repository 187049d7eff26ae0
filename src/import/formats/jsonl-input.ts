import { createHash } from 'node:crypto';
import { canonical } from '../../lib/changes.ts';
import type { Problem } from '../../lib/errors.ts';
import type { RecordType } from '../format.ts';
import { damaged, isDamaged } from '../identifiers.ts';

// Values of these fields are the caller's own: nothing in them is read or changed.
const opaque = new Set(['metadata', 'evidence', 'options']);

// Types that have a key but need none: without one, the same row would make another record each time.
const keyedByContent = new Set<RecordType>(['return', 'case', 'interaction', 'surveyResponse']);

const identifiers = new Set([
  'externalId',
  'externalIds',
  'orderLineExternalId',
  'sku',
  'phone',
  'number',
  'trackingNumber',
]);

// What a row refers to, where it may.
const references = new Set(['customer', 'order', 'product', 'location', 'case', 'interaction']);

type Path = (string | number)[];

/**
 * A row of JSON as its domain takes it, with the identifiers that a spreadsheet has damaged. A damaged phone among
 * contact points does not cost the row: the domain says what becomes of it.
 */
export function inputOf(type: RecordType, row: object, source: string) {
  const reading = new Reading(source);
  const input: { key?: unknown } = reading.fieldsOf(row);
  if (keyedByContent.has(type) && (input.key === undefined || input.key === null)) {
    input.key = { externalId: { source, value: contentKey(input) } };
  }
  const { problems, hints } = reading;
  return { input, problems, hints };
}

class Reading {
  readonly problems: Problem[] = [];
  readonly hints: Problem[] = [];
  readonly #source: string;
  // Where the walk is: one list for all, copied only for a problem.
  readonly #path: Path = [];

  constructor(source: string) {
    this.#source = source;
  }

  fieldsOf(value: object): object {
    return Object.fromEntries(
      Object.entries(value).map(([field, each]) => {
        this.#path.push(field);
        if (identifiers.has(field)) this.#check(each, this.problems);
        else if (field === 'value' && 'kind' in value && value.kind === 'PHONE') this.#check(each, this.hints);
        const read = this.#fieldOf(field, each);
        this.#path.pop();
        return [field, read];
      }),
    );
  }

  #fieldOf(field: string, value: unknown): unknown {
    if (value === '') return this.#nothing();
    if (field === 'externalId' || field === 'orderLineExternalId') return this.#named(value);
    if (field === 'externalIds' && Array.isArray(value)) return value.map((id) => this.#named(id));
    if (opaque.has(field)) return value;
    const read = this.#valueOf(value);
    // An order of `{ "email": "" }` is nobody's.
    return references.has(field) && isBlank(read) ? this.#nothing() : read;
  }

  #nothing(): null {
    this.#note('Is missing.', this.hints);
    return null;
  }

  #valueOf(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (!Array.isArray(value)) return this.fieldsOf(value);
    return value.map((each, i) => {
      this.#path.push(i);
      const read = this.#valueOf(each);
      this.#path.pop();
      return read;
    });
  }

  // A number or the like is refused as the text that it should be.
  #named(id: unknown): unknown {
    return typeof id === 'object' || id === undefined ? id : { source: this.#source, value: id };
  }

  // An identifier, a list of them, or an object that has it as `value`.
  #check(value: unknown, found: Problem[]): void {
    if (isDamaged(value)) this.#note(damaged, found);
    if (typeof value !== 'object' || value === null) return;
    for (const [step, each] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      this.#path.push(step);
      if (step !== 'source') this.#check(each, found);
      this.#path.pop();
    }
  }

  #note(message: string, found: Problem[]): void {
    found.push({ code: 'INVALID_INPUT', message, field: [...this.#path] });
  }
}

function isBlank(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const parts = Object.values(value);
  return parts.length > 0 && parts.every((part) => part === null);
}

// The same for rows that say the same, whatever the order of their fields; null and nothing say the same.
function contentKey(input: object): string {
  const said = Object.entries(input).filter(([, value]) => value !== null);
  const hash = createHash('sha256').update(canonical(Object.fromEntries(said)));
  return `content:${hash.digest('hex').slice(0, 32)}`;
}
