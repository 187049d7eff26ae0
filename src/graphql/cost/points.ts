import type { GraphQLField, GraphQLNamedType } from 'graphql';

/** What a field declares about its cost. A request is charged for what its fields may return, and refunded the rest. */
export type FieldCost<Args> = {
  /** The field's own points, on top of the objects it returns. Never refunded. 0 by default. */
  points?: NumberBy<Args>;
  /** Most items of the list, or of the lists in the connection, that the field returns. */
  size?: NumberBy<Args>;
};

// A number, or how it follows from the arguments.
type NumberBy<Args> = number | ((args: Args) => number);

type ArgumentsOf = () => Record<string, unknown>;

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

/** Returns a field's own points. `argsOf` is called only if they depend on the arguments. */
export function pointsOfField(field: GraphQLField<unknown, unknown>, argsOf: ArgumentsOf): number {
  return numberOf(declaredBy(field).points, argsOf) ?? 0;
}

/** Returns the size that a field declares, if any. `argsOf` is called only if it depends on the arguments. */
export function sizeOfField(field: GraphQLField<unknown, unknown>, argsOf: ArgumentsOf): number | undefined {
  return numberOf(declaredBy(field).size, argsOf);
}

function declaredBy({ extensions }: GraphQLField<unknown, unknown>): FieldCost<Record<string, unknown>> {
  return (extensions.cost as FieldCost<Record<string, unknown>> | undefined) ?? {};
}

function numberOf(declared: NumberBy<Record<string, unknown>> | undefined, argsOf: ArgumentsOf): number | undefined {
  return typeof declared === 'function' ? declared(argsOf()) : declared;
}
