import { DomainError } from '../lib/errors.ts';
import { maxJsonLevels } from '../lib/json.ts';

/** Fields by which filters nest. */
export const connectives = ['AND', 'OR', 'NOT'] as const;

/** Whether a path that is too deep leads into a filter. Other JSON may use these names too, but not mostly. */
export function isWithinFilter(path: (string | number)[]): boolean {
  const names = path.filter((step) => typeof step === 'string');
  const nesting = names.filter((name) => connectives.some((each) => each === name));
  return nesting.length > names.length / 2;
}

export function filterTooDeep(...field: (string | number)[]): DomainError {
  const message = `A filter may be ${maxJsonLevels} levels deep. Flatten nested \`AND\`, \`OR\` and \`NOT\` conditions.`;
  return new DomainError('QUERY_TOO_COMPLEX', message, { field });
}
