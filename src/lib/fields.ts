import { z } from 'zod';
import { isCountryCode } from './countries.ts';
import { type Problem, problemsError } from './errors.ts';
import { decodeIdOf, type IdType, wrongId } from './ids.ts';
import { isBlank } from './invisible.ts';
import { flawOfJson } from './json-value.ts';
import { type Amount, amount, hasTooManyDigits, mostDigits } from './money.ts';

/**
 * Reads input by its schema: the normalised value, or INVALID_INPUT with everything that is wrong. The first problem is
 * the error's own; `problems` has all of them where there are several. `within` is the path of the input itself.
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, ...within: (string | number)[]): T {
  const result = schema.safeParse(input, { error: wording });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, within)).slice(0, maxProblems);
  throw problemsError(problems);
}

// A list of thousands may have the same mistake in every element.
const maxProblems = 100;

function problemsOf(issue: z.core.$ZodIssue, within: (string | number)[]): Problem[] {
  const field = [...within, ...issue.path].map((part) => (typeof part === 'symbol' ? String(part) : part));
  const fields = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...field, key]) : [field];
  return fields.map((each) => ({ code: 'INVALID_INPUT', message: issue.message, field: each }));
}

/** Text as it was given, but for what PostgreSQL cannot hold or UTF-8 cannot say. */
export function text(max: number) {
  return read((given) => textOf(given, max));
}

/** A short text that says something: trimmed, with at least one visible character. */
export function name(max = 300) {
  return read((given) => nameOf(given, max));
}

/** A name without line breaks. */
export function oneLine(max: number) {
  return read((given) => {
    const value = nameOf(given, max);
    return value.includes('\n') ? wrong('Must be one line.') : value;
  });
}

/** A list. One that is too long is refused before any of its elements is read. */
export function listOf<Item extends z.ZodType>(item: Item, max: number): z.ZodType<z.output<Item>[]> {
  const short = read((given) => {
    if (Array.isArray(given) && given.length > max) return wrong(`Must be at most ${max} elements long.`);
    return given;
  });
  return short.pipe(z.array(item));
}

/** An id of this type as it stands outside; its UUID inside. */
export function idOf(type: IdType) {
  return read((given) => {
    const uuid = typeof given === 'string' ? decodeIdOf(type, given) : null;
    return uuid ?? wrong(given === undefined ? 'Is missing.' : wrongId(given, type));
  });
}

/** RFC 3339 with an offset. */
export function instant() {
  return read((given) => {
    if (given === undefined) return wrong('Is missing.');
    const isWritten = typeof given === 'string' && datetime.safeParse(given).success;
    const instant = isWritten ? new Date(given) : given;
    if (!(instant instanceof Date) || Number.isNaN(instant.getTime()))
      return wrong('Is not an instant such as 2026-11-21T10:00:00Z.');
    // Beyond these ISO 8601 and PostgreSQL write years differently.
    const year = instant.getUTCFullYear();
    return year >= 1 && year <= 9999 ? instant : wrong('Is not in the years 1 to 9999.');
  });
}

/** How far the clock of a sender may be ahead of ours. */
export const clockSkewMs = 5 * 60_000;

/** When something happened: an instant that is not in the future, give or take a clock that is ahead. */
export function pastInstant() {
  return instant().refine(
    (value) => value.getTime() <= Date.now() + clockSkewMs,
    'Must not be in the future. Send the time it happened, with its offset from UTC.',
  );
}

const datetime = z.iso.datetime({ offset: true });

/**
 * An exact decimal with at most four places, not counting trailing zeros, below 10^15. Given as text; a JSON number is
 * read by its digits.
 */
export function decimal() {
  return read(decimalOf);
}

export function positiveDecimal() {
  return read((given) => {
    const value = decimalOf(given);
    return value.isNegative() ? wrong('Must not be negative.') : value;
  });
}

const currencies = new Set(Intl.supportedValuesOf('currency'));

export function currencyCode() {
  return z.string().refine((value) => currencies.has(value), 'Is not an ISO 4217 currency code such as GBP.');
}

export function countryCode() {
  return z.string().refine(isCountryCode, 'Is not an ISO 3166-1 country code such as PL.');
}

/** BCP 47, in its canonical spelling. */
export function locale() {
  return z.string().transform((value, context) => {
    try {
      const [canonical] = Intl.getCanonicalLocales(value);
      if (canonical !== undefined) return canonical;
    } catch {
      // Not a language tag: said below.
    }
    context.addIssue({ code: 'custom', message: 'Is not a BCP 47 language tag such as pl-PL.' });
    return z.NEVER;
  });
}

export function timezone() {
  return z.string().refine(isTimezone, 'Is not an IANA time zone such as Europe/Warsaw.');
}

export function localTime() {
  return z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Is not a time of day such as 22:00.');
}

export function calendarDate() {
  return z.iso.date('Is not a date such as 2026-11-21.');
}

/** Any JSON value that PostgreSQL stores as it was sent. */
export const json = read((given) => {
  if (given === undefined) return wrong('Is missing.');
  const flaw = flawOfJson(given);
  return flaw === null ? given : wrong(flaw);
});

// One step where a chain of checks and transforms would make several: every line of an import passes a few of these.
function read<T>(meaningOf: (given: unknown) => T) {
  return z.transform((given: unknown, context) => {
    try {
      return meaningOf(given);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      context.issues.push({ code: 'custom', message: error.message, input: given });
      return z.NEVER;
    }
  });
}

class Wrong extends Error {}

function wrong(message: string): never {
  throw new Wrong(message);
}

function stringOf(given: unknown): string {
  if (typeof given === 'string') return given;
  return wrong(mustBe('text', given));
}

function textOf(given: unknown, max: number): string {
  const value = stringOf(given);
  if (value.length > max) wrong(`Must be at most ${max} characters long.`);
  if (value.includes('\u0000') || !value.isWellFormed()) wrong('Holds U+0000 or a lone surrogate.');
  return value;
}

function nameOf(given: unknown, max: number): string {
  const value = textOf(given, max);
  return isBlank(value) ? wrong('Must not be empty.') : value.trim();
}

function decimalOf(given: unknown): Amount {
  if (given === undefined) return wrong('Is missing.');
  if (typeof given !== 'string' && typeof given !== 'number') return wrong('Is not a decimal such as "9.99".');
  const digits = String(given).replace(/\.0+$|(\.\d*[1-9])0+$/, '$1');
  if (!/^-?\d{1,15}(\.\d{1,4})?$/.test(digits)) return wrong('Is not a decimal with at most four places.');
  const value = amount(digits);
  return digits.length > mostDigits && hasTooManyDigits(value)
    ? wrong(`Must have at most ${mostDigits} digits.`)
    : value;
}

function isTimezone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return /^[A-Za-z]/.test(value);
  } catch {
    return false;
  }
}

// What zod's own words become; those of the schemas above are kept.
function wording(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return mustBe(nameOfType(issue), issue.input);
    case 'invalid_value':
      return mustBe(`one of: ${issue.values.map(String).join(', ')}`, issue.input);
    case 'unrecognized_keys':
      return 'There is no such field.';
    case 'too_big':
      return `Must be at most ${issue.maximum}${unitOf(issue.origin)}.`;
    case 'too_small':
      return `Must be at least ${issue.minimum}${unitOf(issue.origin)}.`;
    case 'invalid_format':
      return 'Does not have the expected format.';
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'Is not valid.';
    default:
      return 'Is not valid.';
  }
}

function mustBe(what: string, given: unknown): string {
  if (given === undefined) return 'Is missing.';
  return given === null ? `Must be ${what}, not null.` : `Must be ${what}.`;
}

const typeNames: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

// The fields are named where there are few: what is sent in place of a small object is often its text.
const mostNamedFields = 8;

function nameOfType({ inst, expected }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): string {
  if (inst instanceof z.ZodNumberFormat) return 'a whole number';
  const name = typeNames[expected] ?? `a value of type ${expected}`;
  const fields = inst instanceof z.ZodObject ? Object.keys(inst.shape) : [];
  return fields.length > 0 && fields.length <= mostNamedFields ? `${name} with ${fields.join(', ')}` : name;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' elements long' : '';
}
