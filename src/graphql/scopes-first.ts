import { type DocumentNode, type GraphQLSchema, getNamedType, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { DomainError } from '../lib/errors.ts';
import type { Context } from './context.ts';
import { refusal } from './errors.ts';
import { operationOf } from './operation.ts';

/**
 * Refuses a mutation whose answer the key may not see before it writes anything. Scopes are checked field by field as an
 * answer is made, which for a mutation is after the write: its caller would not learn what was written.
 */
export function useScopesFirst(): Plugin<Context> {
  return {
    onExecute({ args: { document, operationName, schema, contextValue }, setResultAndStopExecution }) {
      const running = operationOf(document, operationName);
      if (running?.operation.operation !== 'mutation') return;
      const missing = scopesOf(running.alone, schema).filter((scope) => !contextValue.viewer.scopes.has(scope));
      if (missing.length === 0) return;
      const message = `This key lacks ${missing.join(', ')}, which this needs. Nothing was written.`;
      setResultAndStopExecution({ data: null, errors: [refusal(new DomainError('FORBIDDEN', message))] });
    },
  };
}

const known = new WeakMap<DocumentNode, string[]>();

// All that a document asks for.
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
        // By the type too: what is selected of it may go by the name of an interface.
        scopes.add(scopeOf(field && getNamedType(field.type)));
      },
    }),
  );
  const found = [...scopes].filter((scope) => scope !== undefined);
  known.set(document, found);
  return found;
}

/** The scope that a type or field was declared with; Pothos keeps it there. */
export function scopeOf(declared: { extensions?: { pothosOptions?: unknown } } | null | undefined): string | undefined {
  const options = declared?.extensions?.pothosOptions as { authScopes?: { scope?: string } } | undefined;
  return options?.authScopes?.scope;
}
