import type { GraphQLField, GraphQLNamedType } from 'graphql';

/** What a field declares about its cost. A request is charged for what its fields may return, and refunded the rest. */
export type FieldCost<Args> = {
  /** The field's own points, on top of the objects it returns. Never refunded. 0 by default. */
  points?: (args: Args) => number;
  /** Most items of the list, or of the lists in the connection, that the field returns. */
  size?: (args: Args) => number;
};

/** Extension of an object type that is part of a row, such as an amount of money. Its objects are free. */
export const valueObject = { isValueObject: true };

/** Extension of a field that declares its cost. */
export function cost<Args extends object>(declared: FieldCost<Args>): { cost: FieldCost<Args> } {
  return { cost: declared };
}

/** Returns the points of an object: none for a value object, one for a row or for what is computed from rows. */
export function pointsOfObject({ extensions }: Pick<GraphQLNamedType, 'extensions'>): number {
  return extensions.isValueObject === true ? 0 : 1;
}

/** Returns a field's own points. `argsOf` is called only if they may be above 0. */
export function pointsOfField(field: GraphQLField<unknown, unknown>, argsOf: () => Record<string, unknown>): number {
  return costOfField(field).points?.(argsOf()) ?? 0;
}

/** Returns what a field declares about its cost. Empty if nothing. */
export function costOfField({ extensions }: GraphQLField<unknown, unknown>): FieldCost<Record<string, unknown>> {
  return (extensions.cost as FieldCost<Record<string, unknown>> | undefined) ?? {};
}
