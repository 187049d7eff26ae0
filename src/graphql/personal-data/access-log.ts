import { Kind, type OperationDefinitionNode } from 'graphql';
import type { Actor } from '../../db/write/actor.ts';
import type { PersonalReads } from '../../lib/pii.ts';
import { actorOf } from '../actor.ts';
import type { Context } from '../context.ts';

export type RecordAccess = (workspaceId: string, actor: Actor, reads: PersonalReads) => void;

/** Reports which customers' personal data the response to an operation contains. */
export function recordAccessOf(context: Context, operation: OperationDefinitionNode, record: RecordAccess): void {
  const { reads, viewer } = context;
  if (reads.size > 0) record(viewer.workspaceId, actorOf(context, nameOf(operation)), reads);
}

// Returns the operation name, or the top-level field names of an anonymous operation.
function nameOf({ name, selectionSet }: OperationDefinitionNode): string {
  const fields = selectionSet.selections.flatMap((each) => (each.kind === Kind.FIELD ? [each.name.value] : []));
  return name?.value ?? [...new Set(fields)].join(', ');
}
