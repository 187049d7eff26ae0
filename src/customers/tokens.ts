import { noteEvent } from '../db/audit-event.ts';
import type { Db } from '../db/database.ts';
import { transact } from '../db/transact.ts';
import { parseInput } from '../lib/fields.ts';
import { customerKeyInput, resolveCustomer } from './keys.ts';

/** Notes that a token is made for a customer; their id. A token itself is kept nowhere. */
export async function noteToken(db: Db, customer: unknown): Promise<string> {
  const key = parseInput(customerKeyInput, customer, 'customer');
  return transact(db, async (tx) => {
    const customerId = await resolveCustomer(tx, key, 'customer');
    if (db.author) await noteEvent(tx, db.author, { action: 'CREATED', entity: 'CustomerToken', customerId });
    return customerId;
  });
}
