import * as z from 'zod';
import { isCountryCode } from './countries.ts';
import { type Problem, problemsError } from './errors.ts';
import { decodeIdOf, type IdType, wrongId } from './ids.ts';
import { flawOfJson } from './json/json-value.ts';
import { type Amount, amount, hasTooManyDigits, mostDigits } from './money.ts';
import { isBlank } from './text/invisible.ts';

/**
 * Validates input and returns the normalized value. Throws INVALID_INPUT with the message of the first problem. If
 * there are several, `problems` holds them all. `within` is the path of the input itself.
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, ...within: (string | number)[]): T {
  const result = schema.safeParse(input, { error: wording });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, within)).slice(0, maxProblems);
  throw problemsError(problems);
}

// A list of thousands may have the same problem in every item.
const maxProblems = 100;

function problemsOf(issue: z.core.$ZodIssue, within: (string | number)[]): Problem[] {
  const field = [...within, ...issue.path].map((part) => (typeof part === 'symbol' ? String(part) : part));
  const fields = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...field, key]) : [field];
  return fields.map((each) => ({ code: 'INVALID_INPUT', message: issue.message, field: each }));
}

/** Accepts any text that PostgreSQL can store and UTF-8 can encode, and keeps it unchanged. */
export function text(max: number) {
  return read((given) => textOf(given, max));
}

/** Accepts a short text with at least one visible character, and trims it. */
export function name(max = 300) {
  return read((given) => nameOf(given, max));
}

/** Accepts a name without line breaks. */
export function oneLine(max: number) {
  return read((given) => {
    const value = nameOf(given, max);
    return value.includes('\n') ? wrong('Must be a single line.') : value;
  });
}

/** Accepts a list. Rejects one that is too long before it validates any item. */
export function listOf<Item extends z.ZodType>(item: Item, max: number): z.ZodType<z.output<Item>[]> {
  const short = read((given) => {
    if (Array.isArray(given) && given.length > max) return wrong(`Must have at most ${max} items.`);
    return given;
  });
  return short.pipe(z.array(item));
}

/** Accepts a public ID of this type and decodes it to its UUID. */
export function idOf(type: IdType) {
  return read((given) => {
    const uuid = typeof given === 'string' ? decodeIdOf(type, given) : null;
    return uuid ?? wrong(given === undefined ? required : wrongId(given, type));
  });
}

/** Accepts an instant in RFC 3339 with an offset. */
export function instant() {
  return read((given) => {
    if (given === undefined) return wrong(required);
    const isWritten = typeof given === 'string' && datetime.safeParse(given).success;
    const instant = isWritten ? new Date(given) : given;
    if (!(instant instanceof Date) || Number.isNaN(instant.getTime()))
      return wrong('Must be an instant with an offset, such as 2026-11-21T10:00:00Z.');
    // ISO 8601 and PostgreSQL write other years differently.
    const year = instant.getUTCFullYear();
    return year >= 1 && year <= 9999 ? instant : wrong('Must be between the years 1 and 9999.');
  });
}

/** How far the clock of a client may be ahead, in milliseconds. */
export const clockSkewMs = 5 * 60_000;

/** Accepts an instant that is not in the future, with some tolerance for client clocks. */
export function pastInstant() {
  return instant().refine(
    (value) => value.getTime() <= Date.now() + clockSkewMs,
    'Must not be in the future. Send the time it happened, with its offset from UTC.',
  );
}

const datetime = z.iso.datetime({ offset: true });

/**
 * Accepts an exact decimal below 10^15 with at most four decimal places, not counting trailing zeros, as a string or as
 * a JSON number.
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
  return z.string().refine((value) => currencies.has(value), 'Must be an ISO 4217 currency code such as GBP.');
}

export function countryCode() {
  return z.string().refine(isCountryCode, 'Must be an ISO 3166-1 country code such as PL.');
}

/** Accepts a BCP 47 language tag and returns its canonical spelling. */
export function locale() {
  return z.string().transform((value, context) => {
    try {
      const [canonical] = Intl.getCanonicalLocales(value);
      if (canonical !== undefined) return canonical;
    } catch {
      // Not a language tag. The issue below reports it.
    }
    context.addIssue({ code: 'custom', message: 'Must be a BCP 47 language tag such as pl-PL.' });
    return z.NEVER;
  });
}

export function timezone() {
  return z.string().refine(isTimezone, 'Must be an IANA time zone such as Europe/Warsaw.');
}

export function localTime() {
  return z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Must be a time of day such as 22:00.');
}

export function calendarDate() {
  return z.iso.date('Must be a date such as 2026-11-21.');
}

/** Accepts any JSON value that PostgreSQL stores unchanged. */
export const json = read((given) => {
  if (given === undefined) return wrong(required);
  const flaw = flawOfJson(given);
  return flaw === null ? given : wrong(flaw);
});

// A single step instead of a chain of checks and transforms, because every line of an import passes several of these.
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

const required = 'This field is required.';

class Wrong extends Error {}

function wrong(message: string): never {
  throw new Wrong(message);
}

function stringOf(given: unknown): string {
  if (typeof given === 'string') return given;
  return wrong(mustBe('a string', given));
}

function textOf(given: unknown, max: number): string {
  const value = stringOf(given);
  if (value.length > max) wrong(`Must be at most ${max} characters long.`);
  if (value.includes('\u0000') || !value.isWellFormed()) wrong('Must not contain U+0000 or a lone surrogate.');
  return value;
}

function nameOf(given: unknown, max: number): string {
  const value = textOf(given, max);
  return isBlank(value) ? wrong('Must not be empty.') : value.trim();
}

function decimalOf(given: unknown): Amount {
  if (given === undefined) return wrong(required);
  if (typeof given !== 'string' && typeof given !== 'number') return wrong(mustBe('a decimal such as "9.99"', given));
  const digits = String(given).replace(/\.0+$|(\.\d*[1-9])0+$/, '$1');
  if (!/^-?\d{1,15}(\.\d{1,4})?$/.test(digits))
    return wrong('Must be a decimal below 10^15 with at most four decimal places.');
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

// Replaces the default messages of zod. Messages of the schemas above are kept.
function wording(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return mustBe(nameOfType(issue), issue.input);
    case 'invalid_value':
      return mustBeOneOf(issue.values.map(String), issue.input);
    case 'unrecognized_keys':
      return 'Unknown field. Remove it or check its spelling.';
    case 'too_big':
      return mustHave('at most', issue.maximum, issue.origin);
    case 'too_small':
      return mustHave('at least', issue.minimum, issue.origin);
    case 'invalid_format':
      return 'Must have the expected format.';
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'Invalid value.';
    default:
      return 'Invalid value.';
  }
}

function mustBe(what: string, given: unknown): string {
  if (given === undefined) return required;
  // "Must be a whole number (got a number)." would confuse.
  const isNumber = typeof given === 'number' && what.endsWith('number');
  return isNumber ? `Must be ${what}.` : `Must be ${what} (got ${typeOf(given)}).`;
}

function mustBeOneOf(values: string[], given: unknown): string {
  return given === undefined ? required : `Must be one of: ${values.join(', ')}.`;
}

function typeOf(given: unknown): string {
  if (given === null) return 'null';
  if (Array.isArray(given)) return 'a list';
  if (typeof given === 'boolean') return 'a Boolean';
  return typeof given === 'object' ? 'an object' : `a ${typeof given}`;
}

const wholeNumber = 'a whole number';

const typeNames: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: wholeNumber,
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

// Names the fields of a small object, because callers often send its text instead.
const mostNamedFields = 8;

function nameOfType({ inst, expected }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): string {
  if (inst instanceof z.ZodNumberFormat) return wholeNumber;
  const name = typeNames[expected] ?? `a value of type ${expected}`;
  const fields = inst instanceof z.ZodObject ? Object.keys(inst.shape) : [];
  return fields.length > 0 && fields.length <= mostNamedFields ? `${name} with ${fields.join(', ')}` : name;
}

function mustHave(bound: string, limit: number | bigint, origin: string): string {
  const plural = Number(limit) === 1 ? '' : 's';
  if (origin === 'array') return `Must have ${bound} ${limit} item${plural}.`;
  return `Must be ${bound} ${limit}${origin === 'string' ? ` character${plural} long` : ''}.`;
}
