import { type DocumentNode, getOperationAST, type OperationDefinitionNode, separateOperations } from 'graphql';

/** The operation that a request runs, and a document of it and the fragments it uses alone; null: it names none. */
export function operationOf(
  document: DocumentNode,
  operationName: string | null | undefined,
): { operation: OperationDefinitionNode; alone: DocumentNode } | null {
  const operation = getOperationAST(document, operationName);
  const alone = operation && separateOperations(document)[operation.name?.value ?? ''];
  return alone ? { operation, alone } : null;
}
