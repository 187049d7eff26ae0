import type { GraphQLField, GraphQLObjectType } from 'graphql';
import type { Datamodel } from './datamodel.ts';
import type { JsonReader } from './serialize/json-reader.ts';
import type { RequestState, Serializer } from './serialize/serializer.ts';

/** What the compiler must know about an application. */
export type Rules<Context> = {
  datamodel: Datamodel;
  /** Column that every table has, and its value in SQL. */
  tenant: { column: string; sql: string };
  /** Scalars that return the values of their columns unchanged. */
  unchanged: ReadonlySet<string>;
  /** Serializers of scalars that differ from their columns. */
  scalars: Readonly<Record<string, Serializer<unknown>>>;
  /** Returns the points that each object of a type adds to the cost of a request. */
  pointsOfObject(type: GraphQLObjectType): number;
  /** Returns the points that a field adds whenever it is read, apart from its objects. */
  pointsOfField(field: GraphQLField<unknown, unknown>, argsOf: () => Record<string, unknown>): number;
  /** Returns the serializer of the global IDs of a type. Null if it has none. */
  idOf(typeName: string): Serializer<unknown> | null;
  /** Returns the scope that a type or field requires. Undefined if it requires none. */
  scopeOf(declared: { extensions: object }): string | undefined;
  /** Column with the ID of the person whose data a row holds, such as `customerId`. */
  ownerOf(model: string): string | null;
  /** Returns whether an error says that an argument is invalid. The resolver then reports it where it is. */
  isInvalid(error: unknown): boolean;
  /** Throws if the number up to which a total is counted is invalid. */
  checkLimit(limit: unknown): asserts limit is number;
  /** Returns the error of a field that has no resolver and lacks a scope. */
  missingScope(scope: string, field: string): Error;
  /** Returns the error of a field without a resolver whose selection needs one. */
  needsQuery(field: string): Error;
  /** Returns how a field is masked for these scopes. Null if it never holds personal data. */
  maskOf(typeName: string, field: GraphQLField<unknown, unknown>, scopes: ReadonlySet<string>): Mask<Context> | null;
};

/** Hides personal data, or notes that it was read. */
export type Mask<Context> = {
  /** Returns whether the JSON value that was read last may be copied. Notes that it was read. */
  copies(row: JsonReader, state: RequestState<Context>): boolean;
  /** Returns the value, or what is shown in its place. */
  show(value: unknown, parent: unknown, state: RequestState<Context>): unknown;
};
