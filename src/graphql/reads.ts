import { Kind, type OperationDefinitionNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Author } from '../db/journal.ts';
import type { PersonalReads } from '../lib/pii.ts';
import type { Context } from './context.ts';
import { operationOf } from './operation.ts';

/** Says, once a request is answered, whose personal data it was answered with. */
export function useReads(note: (workspaceId: string, author: Author, reads: PersonalReads) => void): Plugin<Context> {
  return {
    onExecute: ({ args: { document, operationName, contextValue } }) => ({
      onExecuteDone() {
        const { reads, viewer, purpose, requestId } = contextValue;
        const running = operationOf(document, operationName);
        if (reads.size === 0 || !running) return;
        const { keyId, keyName, workspaceId } = viewer;
        note(workspaceId, { keyId, keyName, operation: nameOf(running.operation), purpose, requestId }, reads);
      },
    }),
  };
}

// As the document calls it, else by what it asks for.
function nameOf({ name, selectionSet }: OperationDefinitionNode): string {
  const fields = selectionSet.selections.flatMap((each) => (each.kind === Kind.FIELD ? [each.name.value] : []));
  return name?.value ?? [...new Set(fields)].join(', ').slice(0, 200);
}
