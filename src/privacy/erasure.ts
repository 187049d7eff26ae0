import * as z from 'zod';
import { customerKeyInput, resolveCustomer } from '../customers/identity/keys.ts';
import type { Db } from '../db/database.ts';
import { operator } from '../db/write/actor.ts';
import { lockRows, transact } from '../db/write/transact.ts';
import { DomainError } from '../lib/errors.ts';
import { idOf, parseInput } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import type { UpsertResult } from '../lib/upsert-result.ts';

const dayMs = 24 * 3_600_000;

const erasureInput = z.strictObject({
  customer: customerKeyInput,
  afterDays: z.int().min(0, 'Must not be negative.').max(365, 'Must be at most 365.').nullish(),
});

/** Requests the erasure of a customer, due in a week by default. NOOP if a request is already pending. */
export async function requestErasure(db: Db, input: unknown): Promise<UpsertResult> {
  const { customer, afterDays } = parseInput(erasureInput, input);
  return transact(db, async (tx) => {
    const { workspaceId } = tx;
    const customerId = await resolveCustomer(tx, customer, 'customer');
    await lockRows(tx, 'Customer', [customerId]);
    const pending = await tx.erasureRequest.findFirst({ where: { workspaceId, customerId, status: 'PENDING' } });
    if (pending) return { id: pending.id, outcome: 'NOOP' };
    const id = newId();
    const requestedAt = new Date();
    const dueAt = new Date(requestedAt.getTime() + (afterDays ?? 7) * dayMs);
    const { keyId, keyName } = db.actor ?? operator('requestErasure');
    await tx.erasureRequest.create({
      data: { workspaceId, id, customerId, status: 'PENDING', requestedAt, dueAt, keyId, keyName },
    });
    return { id, outcome: 'CREATED' };
  });
}

const canceledInput = z.strictObject({ id: idOf('ErasureRequest') });

/** Cancels an erasure request. Fails with CONFLICT if it is in progress or executed. NOOP if it is already canceled. */
export async function cancelErasure(db: Db, input: unknown): Promise<UpsertResult> {
  const { id } = parseInput(canceledInput, input);
  return transact(db, async (tx) => {
    const where = { workspaceId_id: { workspaceId: tx.workspaceId, id } };
    await lockRows(tx, 'ErasureRequest', [id]);
    const request = await tx.erasureRequest.findUnique({ where });
    if (!request) throw new DomainError('NOT_FOUND', 'No erasure request has this ID.', { field: ['id'] });
    if (request.status === 'EXECUTED')
      throw new DomainError('CONFLICT', 'This erasure has already been executed and cannot be canceled.', {
        field: ['id'],
      });
    if (request.status === 'EXECUTING')
      throw new DomainError('CONFLICT', 'This erasure is in progress and cannot be canceled.', { field: ['id'] });
    if (request.status === 'CANCELED') return { id, outcome: 'NOOP' };
    await tx.erasureRequest.update({ where, data: { status: 'CANCELED', canceledAt: new Date() } });
    return { id, outcome: 'UPDATED' };
  });
}
