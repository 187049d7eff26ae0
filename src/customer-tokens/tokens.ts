import { customerKeyInput, resolveCustomer } from '../customers/identity/keys.ts';
import type { Db } from '../db/database.ts';
import { recordEvent } from '../db/write/audit-event.ts';
import { transact } from '../db/write/transact.ts';
import { parseInput } from '../lib/fields.ts';

/** Records the creation of a token in the audit log, and returns the customer's ID. Tokens are not stored. */
export async function recordTokenCreation(db: Db, customer: unknown): Promise<string> {
  const key = parseInput(customerKeyInput, customer, 'customer');
  return transact(db, async (tx) => {
    const customerId = await resolveCustomer(tx, key, 'customer');
    if (db.actor) await recordEvent(tx, db.actor, { action: 'CREATED', entity: 'CustomerToken', customerId });
    return customerId;
  });
}
