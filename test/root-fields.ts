import type { GraphQLField } from 'graphql';
import { schema } from '../src/server/schema.ts';

export const rootFields = Object.values(schema.getQueryType()?.getFields() ?? {});

/** Whether a root field has no required arguments. `viewer` does not count, because it depends on the key. */
export function isAskedBare({ name, args }: GraphQLField<unknown, unknown>): boolean {
  return name !== 'viewer' && !args.some(({ type }) => String(type).endsWith('!'));
}
