import { z } from 'zod';
import { isCountryCode } from './countries.ts';
import { DomainError } from './errors.ts';
import { decodeIdOf, type IdType } from './ids.ts';
import { amount } from './money.ts';

/**
 * Reads input by its schema: the normalised value, or INVALID_INPUT with the path of the first thing wrong. `within` is
 * where the input itself stands.
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, ...within: string[]): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const stray = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const field = [...within, ...(issue?.path ?? []), ...stray].map((part) =>
    typeof part === 'symbol' ? String(part) : part,
  );
  throw new DomainError('INVALID_INPUT', issue ? wording(issue) : 'The input is not valid.', { field });
}

/** Text as it was given, but for what PostgreSQL cannot hold or UTF-8 cannot say. */
export function text(max: number) {
  return z
    .string()
    .max(max)
    .refine((value) => !value.includes('\u0000') && value.isWellFormed(), 'Holds U+0000 or a lone surrogate.');
}

/** A short text that says something: trimmed, not empty. */
export function name(max = 300) {
  return text(max)
    .transform((value) => value.trim())
    .refine((value) => value !== '', 'Must not be empty.');
}

/** An id of this type as it stands outside; its UUID inside. */
export function idOf(type: IdType) {
  return z.string().transform((value, context) => {
    const uuid = decodeIdOf(type, value);
    if (uuid !== null) return uuid;
    context.addIssue({ code: 'custom', message: `Is not the id of a ${type}.` });
    return z.NEVER;
  });
}

/** RFC 3339 with an offset. */
export function instant() {
  return z.union([z.date(), z.iso.datetime({ offset: true }).transform((value) => new Date(value))], {
    error: 'Is not an instant such as 2026-11-21T10:00:00Z.',
  });
}

/** An exact decimal with at most four places, below 10^15. Given as text; a JSON number is read by its digits. */
export function decimal() {
  return z
    .union([z.string(), z.number()], { error: 'Is not a decimal such as "9.99".' })
    .transform(String)
    .refine((value) => /^-?\d{1,15}(\.\d{1,4})?$/.test(value), 'Is not a decimal with at most four places.')
    .transform((value) => amount(value));
}

export function positiveDecimal() {
  return decimal().refine((value) => !value.isNegative(), 'Must not be negative.');
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

export const json: z.ZodType<unknown> = z
  .json()
  .refine(
    (value) => JSON.stringify(value).isWellFormed() && !JSON.stringify(value).includes('\\u0000'),
    'Holds U+0000 or a lone surrogate.',
  );

function isTimezone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return /^[A-Za-z]/.test(value);
  } catch {
    return false;
  }
}

// zod's own words speak to programmers; those of the schemas above are kept.
function wording(issue: z.core.$ZodIssue): string {
  if (!/^(Invalid|Too |Unrecognized)/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_value':
      return `Must be one of ${issue.values.map(String).join(', ')}.`;
    case 'unrecognized_keys':
      return `There is no field ${issue.keys.join(', ')}.`;
    case 'too_big':
      return `Must be at most ${issue.maximum}${unitOf(issue.origin)}.`;
    case 'too_small':
      return `Must be at least ${issue.minimum}${unitOf(issue.origin)}.`;
    case 'invalid_type':
      return issue.input === undefined ? 'Is missing.' : `Must be ${issue.expected}.`;
    default:
      return issue.message;
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' elements long' : '';
}
