import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  separateOperations,
} from 'graphql';
import { invalid } from '../../lib/errors.ts';
import { maxListLength } from '../../lib/limits.ts';

export type RunningOperation = {
  /** Unique ID. It stays the same for the same document and operation name. */
  id: number;
  operation: OperationDefinitionNode;
  /** Document with only this operation and its fragments. */
  document: DocumentNode;
};

let lastId = 0;

const known = new WeakMap<DocumentNode, Map<string | null, RunningOperation | null>>();

/** Returns the operation that a request runs, alone with its fragments. Null if the request names none. */
export function operationOf(document: DocumentNode, operationName: string | null | undefined): RunningOperation | null {
  const name = operationName ?? null;
  const operations = known.get(document) ?? new Map<string | null, RunningOperation | null>();
  known.set(document, operations);
  const running = operations.get(name);
  if (running !== undefined) return running;
  const operation = getOperationAST(document, name);
  const separate = operation && separateOperations(document)[operation.name?.value ?? ''];
  const found = separate ? { id: ++lastId, operation, document: separate } : null;
  // Unknown names are not cached, because their number has no limit.
  if (found) operations.set(name, found);
  return found;
}

/** Returns the variables that the operation declares. Throws INVALID_INPUT if a list in them is too long. */
export function declaredOf({ operation }: RunningOperation, given: Record<string, unknown>): Record<string, unknown> {
  const names = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  const declared = names.filter((name) => Object.hasOwn(given, name)).map((name) => [name, given[name]] as const);
  for (const [, value] of declared) checkLists(value, []);
  return Object.fromEntries(declared);
}

function checkLists(value: unknown, path: (string | number)[]): void {
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  if (isList && value.length > maxListLength) throw invalid(`Must have at most ${maxListLength} items.`, ...path);
  for (const [name, each] of Object.entries(value)) {
    path.push(isList ? Number(name) : name);
    checkLists(each, path);
    path.pop();
  }
}

const fragments = new WeakMap<DocumentNode, Map<string, FragmentDefinitionNode>>();

/** Returns the fragments of a document by name. */
export function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const known = fragments.get(document);
  if (known) return known;
  const found = new Map<string, FragmentDefinitionNode>(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
  fragments.set(document, found);
  return found;
}
