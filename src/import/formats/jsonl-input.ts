import { createHash } from 'node:crypto';
import { canonical } from '../../lib/changes.ts';
import type { Problem } from '../../lib/errors.ts';
import { importTypes, type RecordType } from '../format.ts';
import { damaged, isDamaged } from '../rows/identifiers.ts';

// Fields whose values belong to the caller. Nothing inside them is interpreted or changed.
const opaque = new Set(['metadata', 'evidence', 'options']);

const identifiers = new Set([
  'externalId',
  'externalIds',
  'orderLineExternalId',
  'sku',
  'phone',
  'number',
  'trackingNumber',
]);

// Fields that refer to other records.
const references = new Set(['customer', 'order', 'product', 'location', 'paymentMethod', 'case', 'interaction']);

type Path = (string | number)[];

/**
 * Converts a row of JSON to the input of its domain, and reports identifiers that a spreadsheet damaged. A damaged
 * phone number among the contact points does not reject the row: the domain decides how to handle it.
 */
export function inputOf(type: RecordType, row: object, source: string) {
  const reading = new Reading(source);
  const input: { key?: unknown } = reading.fieldsOf(row);
  // Without a key, importing the same row again would create another record.
  if (importTypes[type].isKeyOptional && (input.key === undefined || input.key === null)) {
    input.key = { externalId: { source, value: contentKey(input) } };
  }
  const { problems, hints } = reading;
  return { input, problems, hints };
}

class Reading {
  readonly problems: Problem[] = [];
  readonly hints: Problem[] = [];
  readonly #source: string;
  // Current position of the traversal. The array is shared, and copied only for a problem.
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
    // An order with the customer `{ "email": "" }` has no customer.
    return references.has(field) && isBlank(read) ? this.#nothing() : read;
  }

  #nothing(): null {
    this.#note('This field is required.', this.hints);
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

  // Other types, such as numbers, are passed on and rejected by the domain, which expects a string.
  #named(id: unknown): unknown {
    return typeof id === 'object' || id === undefined ? id : { source: this.#source, value: id };
  }

  // Checks an identifier, a list of identifiers, or an object with an identifier as its `value`.
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

// Returns the same key for rows with the same content, no matter the order of fields. Null equals an absent field.
function contentKey(input: object): string {
  const said = Object.entries(input).filter(([, value]) => value !== null);
  const hash = createHash('sha256').update(canonical(Object.fromEntries(said)));
  return `content:${hash.digest('hex').slice(0, 32)}`;
}
