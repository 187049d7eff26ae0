import { DomainError } from '../lib/errors.ts';
import { maxJsonLevels } from '../lib/json.ts';

/** What filters nest by. */
export const connectives = ['AND', 'OR', 'NOT'] as const;

/** Whether a path that is too deep leads into a filter. In other JSON these names may stand too, but not most of the way. */
export function isWithinFilter(path: (string | number)[]): boolean {
  const names = path.filter((step) => typeof step === 'string');
  const nesting = names.filter((name) => connectives.some((each) => each === name));
  return nesting.length > names.length / 2;
}

export function filterTooDeep(...field: (string | number)[]): DomainError {
  return new DomainError('QUERY_TOO_COMPLEX', `A filter may be ${maxJsonLevels} levels deep.`, { field });
}
