import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { DomainError } from '../../lib/errors.ts';
import type { Viewer } from '../context.ts';
import type { RunningOperation } from '../documents/operation.ts';

/**
 * Rejects a mutation before it writes if the key may not read the response. Scopes are otherwise checked field by field
 * while the response is built, which is after the write: the caller would not learn what was written.
 */
export function authorizeMutation(
  schema: GraphQLSchema,
  { operation, document }: RunningOperation,
  viewer: Viewer,
): void {
  if (operation.operation !== OperationTypeNode.MUTATION) return;
  const missing = scopesOf(document, schema).filter((scope) => !viewer.scopes.has(scope));
  if (missing.length === 0) return;
  const message = `This mutation requires scopes that this key lacks: ${missing.join(', ')}. Nothing was written.`;
  throw new DomainError('FORBIDDEN', message, { missingScopes: missing });
}

const known = new WeakMap<DocumentNode, string[]>();

// Returns every scope that the document requires.
function scopesOf(document: DocumentNode, schema: GraphQLSchema): string[] {
  const before = known.get(document);
  if (before) return before;
  const typeInfo = new TypeInfo(schema);
  const scopes = new Set<string | undefined>();
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field() {
        const field = typeInfo.getFieldDef();
        scopes.add(scopeOf(typeInfo.getParentType()));
        scopes.add(scopeOf(field));
        // Checks the field type too, because its fields may be selected through an interface.
        scopes.add(scopeOf(field && getNamedType(field.type)));
      },
    }),
  );
  const found = [...scopes].filter((scope) => scope !== undefined);
  known.set(document, found);
  return found;
}

/** Returns the scope that a type or field declares. Pothos keeps its options in the extensions. */
export function scopeOf(declared: { extensions?: { pothosOptions?: unknown } } | null | undefined): string | undefined {
  const options = declared?.extensions?.pothosOptions as { authScopes?: { scope?: string } } | undefined;
  return options?.authScopes?.scope;
}
