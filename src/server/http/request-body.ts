import { filterTooDeep, isWithinFilter } from '../../graphql/filters/filter-depth.ts';
import { DomainError } from '../../lib/errors.ts';
import { NestedTooDeep, parseJson } from '../../lib/json/json.ts';
import { requestError } from '../request-error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses the body of a request, with or without a byte order mark. Throws a `RequestError` unless it is one JSON object
 * in UTF-8 within the limits of depth and digits.
 */
export function jsonBody(body: Buffer): Record<string, unknown> {
  return jsonObject(textOf(body), 'body');
}

/** Parses a JSON object. `name` is the part of the request that contains it. */
export function jsonObject(text: string, name: string): Record<string, unknown> {
  try {
    const value = parseJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    if (error instanceof DomainError) {
      const field = fieldOf(error, name);
      const isFilter = error instanceof NestedTooDeep && isWithinFilter(field);
      const { message, code } = isFilter ? filterTooDeep() : error;
      throw requestError({ status: 400 }, message, code, field.length > 0 ? { field } : {});
    }
  }
  throw requestError({ status: 400 }, `The ${name} must be a single JSON object.`);
}

// Paths start within a variable, as in every other error.
function fieldOf({ details: { field = [] } }: DomainError, name: string): (string | number)[] {
  if (name === 'variables') return field.slice(1);
  return field[0] === 'variables' ? field.slice(2) : [];
}

function textOf(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw requestError({ status: 400 }, 'The request body is not valid UTF-8.');
  }
}
