import * as z from 'zod';
import type { Db } from '../db/database.ts';
import { transact } from '../db/write/transact.ts';
import { name, parseInput } from '../lib/fields.ts';
import { labelKey } from '../lib/text/fold.ts';
import type { UpsertResult } from '../lib/upsert-result.ts';
import { customerKeyInput } from './identity/identifiers.ts';
import { resolveCustomer } from './identity/keys.ts';
import { touch } from './touch.ts';

const tagged = z.strictObject({ customer: customerKeyInput, tag: name(100) });

/** Adds a tag. NOOP if the customer already has it in any spelling. */
export async function tagCustomer(db: Db, input: unknown): Promise<UpsertResult> {
  const { customer, tag } = parseInput(tagged, input);
  return transact(db, async (tx) => {
    const customerId = await resolveCustomer(tx, customer, 'customer');
    const row = { workspaceId: tx.workspaceId, customerId, tag, labelKey: labelKey(tag) };
    const { count } = await tx.customerTag.createMany({ data: [row], skipDuplicates: true });
    if (count > 0) await touch(tx, customerId);
    return { id: customerId, outcome: count > 0 ? 'UPDATED' : 'NOOP' };
  });
}

/** Removes a tag in any spelling. NOOP if the customer does not have it. */
export async function untagCustomer(db: Db, input: unknown): Promise<UpsertResult> {
  const { customer, tag } = parseInput(tagged, input);
  return transact(db, async (tx) => {
    const customerId = await resolveCustomer(tx, customer, 'customer');
    const where = { workspaceId: tx.workspaceId, customerId, labelKey: labelKey(tag) };
    const { count } = await tx.customerTag.deleteMany({ where });
    if (count > 0) await touch(tx, customerId);
    return { id: customerId, outcome: count > 0 ? 'UPDATED' : 'NOOP' };
  });
}
