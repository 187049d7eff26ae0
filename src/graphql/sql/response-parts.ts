import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * Returns a document for graphql-js without the fields that SQL resolves. `__typename` replaces each of them, so that all
 * other fields keep their positions.
 */
export function documentWithout(
  schema: GraphQLSchema,
  document: DocumentNode,
  isResolved: (node: FieldNode, typeInfo: TypeInfo) => boolean,
): DocumentNode {
  const typeInfo = new TypeInfo(schema);
  const enter = (node: FieldNode) => {
    if (!isResolved(node, typeInfo)) return undefined;
    const { alias, name, directives } = node;
    return { kind: Kind.FIELD, alias: alias ?? name, name: { ...name, value: '__typename' }, directives };
  };
  return visit(document, visitWithTypeInfo(typeInfo, { Field: { enter } }));
}

/** Returns the error of a field. `maskError` decides which part of it the caller sees. */
export function errorAt(error: unknown, path: string[], [node]: FieldNode[]): GraphQLError {
  const { message } = error instanceof Error ? error : new Error('The field could not be resolved.');
  const originalError = error instanceof Error ? error : null;
  return new GraphQLError(message, { nodes: node ?? null, path, originalError });
}

/** Joins members to a JSON object. */
export function objectOf(members: (readonly [key: string, json: Buffer])[]): Buffer {
  const parts = members.flatMap(([key, json], i) => [Buffer.from(`${i > 0 ? ',' : ''}"${key}":`), json]);
  return Buffer.concat([begin, ...parts, end]);
}

const [begin, end] = [Buffer.from('{'), Buffer.from('}')];
