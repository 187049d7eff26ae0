import { DomainError } from '../../lib/errors.ts';
import { tableOf } from '../../lib/tables.ts';
import { nounOf } from '../../lib/text/nouns.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Statements } from '../statements.ts';

/** A table whose rows have an `id`. */
export type WrittenModel = Exclude<Prisma.ModelName, 'Workspace' | 'PreferenceDefinition'>;

/**
 * The idempotency key of a caller, and the full request it was sent with. `model` is the table of the row that the
 * request writes.
 */
export type IdempotentRequest = { key: string; request: unknown; model?: WrittenModel | undefined };

// Whether an erasure deletes the row of an erased customer, if it has not done so yet. The customer itself shows as gone,
// and a part goes with the record that it belongs to.
function isDeletedByErasure(model: string): boolean {
  const { erasure, partOf } = tableOf(model) ?? {};
  if (partOf !== undefined) return isDeletedByErasure(partOf);
  return model === 'Customer' || erasure === 'DELETE' || erasure === 'IDENTITY';
}

/**
 * Throws if the row written by the earlier request no longer exists. `result` is the ID of the row, or an object with
 * it.
 */
export async function checkNotDeleted(tx: Statements, model: WrittenModel, result: unknown): Promise<void> {
  const id = typeof result === 'string' ? result : (result as { id: string }).id;
  const customerId = model === 'Customer' ? 't."id"' : `(to_jsonb(t) ->> 'customerId')::uuid`;
  const text = `SELECT coalesce(c."status" = 'ERASED', false) AS "isErased" FROM "${model}" t
    LEFT JOIN "Customer" c ON c."workspaceId" = t."workspaceId" AND c."id" = ${customerId}
    WHERE t."workspaceId" = $1::uuid AND t."id" = $2::uuid`;
  const [row] = await tx.query<{ isErased: boolean }>({ text, values: [tx.workspaceId, id] });
  if (!row || (row.isErased && isDeletedByErasure(model))) throw deletedError(model);
}

/**
 * Returns the error for a replay whose row is gone: `CONFLICT` for a customer, as for any write to an erased customer,
 * otherwise `NOT_FOUND`.
 */
export function deletedError(model: string): DomainError {
  if (model === 'Customer') return new DomainError('CONFLICT', 'The customer was written, but was later erased.');
  const noun = nounOf(model);
  return new DomainError('NOT_FOUND', `The ${noun} was written, but it no longer exists.`);
}
