import { type DocumentNode, type GraphQLSchema, getNamedType, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { DomainError } from '../lib/errors.ts';
import type { Context } from './context.ts';
import { refusal } from './errors.ts';
import { operationOf } from './operation.ts';

/**
 * Rejects a mutation before it writes if the key may not read the response. Scopes are otherwise checked field by field
 * while the response is built, which is after the write: the caller would not learn what was written.
 */
export function useScopesFirst(): Plugin<Context> {
  return {
    onExecute({ args: { document, operationName, schema, contextValue }, setResultAndStopExecution }) {
      const running = operationOf(document, operationName);
      if (running?.operation.operation !== 'mutation') return;
      const missing = scopesOf(running.alone, schema).filter((scope) => !contextValue.viewer.scopes.has(scope));
      if (missing.length === 0) return;
      const message = `This mutation requires scopes that this key lacks: ${missing.join(', ')}. Nothing was written.`;
      setResultAndStopExecution({ data: null, errors: [refusal(new DomainError('FORBIDDEN', message))] });
    },
  };
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
