import type { OperationDefinitionNode } from 'graphql';

/** What the types of an operation are called that codegen makes. */
export function typesOf({ name, operation }: OperationDefinitionNode): [data: string, variables: string] {
  const data = `${name?.value}${operation === 'mutation' ? 'Mutation' : 'Query'}`;
  return [data, `${data}Variables`];
}
