import type { OperationDefinitionNode } from 'graphql';

/** Returns the names of the types that codegen generates for an operation. */
export function typesOf({ name, operation }: OperationDefinitionNode): [data: string, variables: string] {
  const data = `${name?.value}${operation === 'mutation' ? 'Mutation' : 'Query'}`;
  return [data, `${data}Variables`];
}
