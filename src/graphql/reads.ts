import { Kind, type OperationDefinitionNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Author } from '../db/journal.ts';
import type { PersonalReads } from '../lib/pii.ts';
import { authorOf } from './author.ts';
import type { Context } from './context.ts';
import { operationOf } from './operation.ts';

export type NoteReads = (workspaceId: string, author: Author, reads: PersonalReads) => void;

/** Says, once a request is answered, whose personal data it was answered with. */
export function useReads(note: NoteReads): Plugin<Context> {
  return {
    onExecute: ({ args: { document, operationName, contextValue } }) => ({
      onExecuteDone() {
        const running = operationOf(document, operationName);
        if (running) noteReadsOf(contextValue, running.operation, note);
      },
    }),
  };
}

export function noteReadsOf(context: Context, operation: OperationDefinitionNode, note: NoteReads): void {
  const { reads, viewer } = context;
  if (reads.size > 0) note(viewer.workspaceId, authorOf(context, nameOf(operation)), reads);
}

// As the document calls it, else by what it asks for.
function nameOf({ name, selectionSet }: OperationDefinitionNode): string {
  const fields = selectionSet.selections.flatMap((each) => (each.kind === Kind.FIELD ? [each.name.value] : []));
  return name?.value ?? [...new Set(fields)].join(', ');
}
