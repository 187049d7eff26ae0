import { DomainError } from '../../lib/errors.ts';
import { maxJsonLevels } from '../../lib/json/json.ts';

/** Fields by which filters nest. */
const connectives = ['AND', 'OR', 'NOT'] as const;

/**
 * Whether a path that is too deep leads into a filter. Other JSON may contain these names too, but they do not make up
 * most of its path.
 */
export function isWithinFilter(path: (string | number)[]): boolean {
  const names = path.filter((step) => typeof step === 'string');
  const nesting = names.filter((name) => connectives.some((each) => each === name));
  return nesting.length > names.length / 2;
}

export function filterTooDeep(...field: (string | number)[]): DomainError {
  const message = `A filter can have at most ${maxJsonLevels} levels of nesting. Flatten \`AND\`, \`OR\` and \`NOT\`.`;
  return new DomainError('QUERY_TOO_COMPLEX', message, { field });
}
