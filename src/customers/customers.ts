import type { Db, Tx } from '../db/database.ts';
import type { Statement } from '../db/statements.ts';
import type { Bulk } from '../db/write/bulk.ts';
import { type BulkWriter, bulkUpsert, writeOne } from '../db/write/bulk-upsert.ts';
import { lockRows } from '../db/write/transact.ts';
import type { DomainError } from '../lib/errors.ts';
import { attempt, refused, type UpsertResult } from '../lib/upsert-result.ts';
import { primaryStatements } from './contact-points/contact-plan.ts';
import { findPastOwners } from './identity/owners.ts';
import { withPhoneCountries } from './identity/phone-countries.ts';
import { allIdentifiers, type OnBadContact, readIdentifiers, type Subject, subjectOf } from './identity/subject.ts';
import { type CustomerItem, parseCustomer, parseCustomerLeniently } from './input.ts';
import { type CustomerPlan, planCustomer, type StoredCustomer, withDetails } from './plan.ts';

/** Creates or updates the customer that the key identifies, and returns the outcome. */
export function upsertCustomer(db: Db, input: unknown): Promise<UpsertResult> {
  return writeOne(db, customerWriter, input);
}

const customerWriter = writerOfCustomers('refuse');

/**
 * Writer for imports. Skips a contact point that is invalid or belongs to another customer, and adds a warning. An
 * invalid key or a conflicting external ID still rejects the row, because its customer would be uncertain.
 */
export const customerImportWriter = writerOfCustomers('leaveOut');

function writerOfCustomers(onBad: OnBadContact): BulkWriter<CustomerItem> {
  return {
    parse: onBad === 'refuse' ? parseCustomer : parseCustomerLeniently,
    ...bulkUpsert({
      async identify(tx, items: CustomerItem[]): Promise<(Subject | DomainError)[]> {
        const placed = await withPhoneCountries(tx, items);
        const identified = placed.map((each) => attempt(() => readIdentifiers(each, onBad)));
        const owners = await findPastOwners(
          tx,
          identified.flatMap((each) => (refused(each) ? [] : allIdentifiers(each))),
        );
        return identified.map((each) => (refused(each) ? each : attempt(() => subjectOf(each, owners, onBad))));
      },
      read: (tx, subjects: Subject[]) =>
        readCustomers(
          tx,
          subjects.flatMap(({ target }) => target ?? []),
        ),
      plan: (subject, stored) => planCustomer(subject, stored.get(subject.target ?? '') ?? null),
      write: writePlans,
    }),
  };
}

async function readCustomers(tx: Tx, ids: string[]): Promise<Map<string, StoredCustomer>> {
  if (ids.length === 0) return new Map();
  await lockRows(tx, 'Customer', ids);
  const where = { workspaceId: tx.workspaceId, id: { in: ids } };
  const rows = await tx.customer.findMany({ where, include: withDetails });
  const erased = rows.flatMap(({ id, status }) => (status === 'ERASED' ? [id] : []));
  const unfinished = await unfinishedErasures(tx, erased);
  return new Map(rows.map((row) => [row.id, { ...row, isBeingErased: unfinished.has(row.id) }]));
}

// A customer cannot be written while an erasure is unfinished, or it would delete the new data too.
async function unfinishedErasures(tx: Tx, customerIds: string[]): Promise<Set<string>> {
  if (customerIds.length === 0) return new Set();
  const where = { workspaceId: tx.workspaceId, customerId: { in: customerIds }, status: 'EXECUTING' } as const;
  const requests = await tx.erasureRequest.findMany({ where, select: { customerId: true } });
  return new Set(requests.map(({ customerId }) => customerId));
}

function writePlans(plans: CustomerPlan[], bulk: Bulk): Statement[] {
  const now = new Date();
  const created = plans.filter(({ outcome }) => outcome === 'CREATED');
  const updated = plans.filter(({ outcome }) => outcome === 'UPDATED');
  const revived = updated.filter(({ isRevived }) => isRevived).map(({ id }) => id);
  const readdressed = updated.filter(({ addresses }) => addresses).map(({ id }) => id);
  const retagged = updated.filter(({ tags }) => tags).map(({ id }) => id);
  return [
    ...bulk.insert(
      'Customer',
      created.map(({ id, row }) => ({ id, ...row, createdAt: now, updatedAt: now })),
    ),
    ...bulk.update(
      'Customer',
      updated.map(({ id, row }) => ({ id, ...row, updatedAt: now })),
    ),
    ...bulk.delete('ErasedKey', 'customerId', revived),
    ...primaryStatements(
      plans.map(({ contactPoints }) => contactPoints),
      bulk,
    ),
    ...bulk.insert(
      'ContactPoint',
      plans.flatMap(({ contactPoints }) => contactPoints.added),
    ),
    ...bulk.insert(
      'CustomerExternalId',
      plans.flatMap(({ externalIds }) => externalIds),
    ),
    ...bulk.delete('Address', 'customerId', readdressed),
    ...bulk.insert(
      'Address',
      plans.flatMap(({ addresses }) => addresses ?? []),
    ),
    ...bulk.delete('CustomerTag', 'customerId', retagged),
    ...bulk.insert(
      'CustomerTag',
      plans.flatMap(({ tags }) => tags ?? []),
    ),
  ];
}
