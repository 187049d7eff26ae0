import type { GraphQLField } from 'graphql';
import type { Row } from '../compile/compiler.ts';

type RelationSelect = (args: object, context: object, nested: (query: unknown) => unknown) => unknown;

/**
 * Returns the ORDER BY clause of the rows of a relation. Pothos keeps the option `query` of a relation in the function
 * that selects it.
 */
export function orderOf({ extensions }: GraphQLField<unknown, unknown>, { alias }: Row, relation: string): string {
  const select = extensions.pothosPrismaSelect as RelationSelect;
  const selected = select({}, {}, (query) => query) as { select: Record<string, Ordered | undefined> };
  const columns = Object.entries(selected.select[relation]?.orderBy ?? {});
  if (columns.length === 0) return '';
  return ` ORDER BY ${columns.map(([column, direction]) => `${alias}."${column}" ${direction.toUpperCase()}`).join(', ')}`;
}

type Ordered = { orderBy?: Record<string, string> };
