import { DomainError, type Problem } from '../lib/errors.ts';
import { refused, type WriteResult } from '../lib/upsert-result.ts';

/** Message for a field that the domain rejects. It comes from the format, which knows what the file holds there. */
export type Hint = Pick<Problem, 'field' | 'message'>;

/** Returns the result with the messages of the hints in its error or warnings. */
export function hinted(result: WriteResult, hints: Hint[]): WriteResult {
  if (hints.length === 0) return result;
  if (refused(result)) return hintedError(result, hints);
  const { warnings } = result;
  return warnings ? { ...result, warnings: warnings.map((error) => hintedError(error, hints)) } : result;
}

export function hintedError({ code, message, details }: DomainError, hints: Hint[]): DomainError {
  const say = (field: Hint['field'] | undefined, said: string) =>
    hints.find((hint) => hint.field.join('\n') === field?.join('\n'))?.message ?? said;
  const problems = details.problems?.map((each) => ({ ...each, message: say(each.field, each.message) }));
  return new DomainError(code, say(details.field, message), problems ? { ...details, problems } : details);
}
