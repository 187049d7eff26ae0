import type { GraphQLField } from 'graphql';
import { schema } from '../src/server/schema.ts';

export const rootFields = Object.values(schema.getQueryType()?.getFields() ?? {});

/** Whether a root field has no required arguments. `viewer` does not count, because it depends on the key. */
export function isAskedBare({ name, args }: GraphQLField<unknown, unknown>): boolean {
  return name !== 'viewer' && !args.some(({ type }) => String(type).endsWith('!'));
}

/** A value for each required argument of the lists of a workspace, by name. */
const required: Record<string, string> = { currencyCode: '"PLN"', since: '"2026-01-01T00:00:00Z"' };

/** Returns the arguments of a list of a workspace in a document: those that are required, and more. */
export function argumentsOf(list: string, more: string[] = []): string {
  const { args = [] } = rootFields.find(({ name }) => name === list) ?? {};
  const needed = args.filter(({ type }) => String(type).endsWith('!')).map(({ name }) => `${name}: ${required[name]}`);
  const given = [...needed, ...more];
  return given.length > 0 ? `(${given.join(', ')})` : '';
}
