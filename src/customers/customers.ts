import { insertRows, updateRows } from '../db/bulk.ts';
import type { Db, Tx } from '../db/database.ts';
import { lockCustomers, transact } from '../db/transact.ts';
import { DomainError } from '../lib/errors.ts';
import { parseInput } from '../lib/fields.ts';
import { encodeId } from '../lib/ids.ts';
import {
  accepted,
  attempt,
  inRounds,
  only,
  refused,
  type WriteResult,
  type Written,
  writeValid,
} from '../lib/written.ts';
import { type CustomerInput, customerInput } from './input.ts';
import { type Claim, claimOfContact, claimOfKey, claimText, defaultCountryOf, findOwners } from './keys.ts';
import { type CustomerPlan, planCustomer, type StoredCustomer, withDetails } from './plan.ts';

/** Creates or updates the customer that the key means, and says which. */
export async function upsertCustomer(db: Db, input: unknown): Promise<Written> {
  return transact(db, async (tx) => only(await upsertCustomers(tx, [input])));
}

/** Many at once, each written or refused on its own, in a handful of statements whatever their number. */
export async function upsertCustomers(tx: Tx, inputs: unknown[]): Promise<WriteResult[]> {
  const defaultCountry = await defaultCountryOf(tx, true);
  const parse = (input: unknown): Item => {
    const customer = parseInput(customerInput, input);
    return { customer, ...claimsOf(customer, defaultCountry) };
  };
  return writeValid(inputs, parse, (items) =>
    inRounds(
      items,
      ({ claims }) => claims.map(claimText),
      (round) => writeRound(tx, round),
    ),
  );
}

/** `key` is what finds the customer; `claims` is all that will be theirs alone, the key first. */
type Item = { customer: CustomerInput; key: Claim; claims: Claim[] };

function claimsOf(customer: CustomerInput, defaultCountry: string | null): Omit<Item, 'customer'> {
  const key = claimOfKey(customer.key, defaultCountry, 'key');
  const contacts = (customer.contactPoints ?? []).map(({ kind, value }, i) =>
    claimOfContact(kind, value, defaultCountry, 'contactPoints', i, 'value'),
  );
  const externals = (customer.externalIds ?? []).map((externalId): Claim => ({ kind: 'EXTERNAL', ...externalId }));
  const claims = new Map([key, ...contacts, ...externals].map((claim) => [claimText(claim), claim]));
  return { key, claims: [...claims.values()] };
}

async function writeRound(tx: Tx, items: Item[]): Promise<WriteResult[]> {
  const owners = await findOwners(
    tx,
    items.flatMap(({ claims }) => claims),
  );
  const targets = items.map((item) => attempt(() => targetOf(item, owners)));
  const stored = await readCustomers(
    tx,
    targets.filter((target): target is string => typeof target === 'string'),
  );
  const plans = items.map(({ customer, claims }, i) => {
    const target = targets[i] ?? null;
    if (refused(target)) return target;
    return planCustomer(tx.workspaceId, customer, claims, target === null ? null : (stored.get(target) ?? null));
  });
  await writePlans(
    tx,
    plans.filter((plan) => accepted(plan)),
  );
  return plans.map((plan) => (refused(plan) ? plan : { id: plan.id, outcome: plan.outcome }));
}

// Whom to write to: an id, or null for somebody new. Every claim must be free, or theirs already.
function targetOf({ key, claims }: Item, owners: Map<string, string>): string | null {
  const target = owners.get(claimText(key)) ?? null;
  if (target === null && key.kind === 'ID')
    throw new DomainError('NOT_FOUND', 'No such customer.', { field: ['key', 'id'] });
  for (const claim of claims) {
    const owner = owners.get(claimText(claim));
    if (owner === undefined || owner === target) continue;
    const isExternal = claim.kind === 'EXTERNAL';
    throw new DomainError(
      'CONFLICT',
      `Another customer has this ${isExternal ? 'external id' : claim.kind.toLowerCase()}.`,
      {
        field: [claim === key ? 'key' : isExternal ? 'externalIds' : 'contactPoints'],
        conflictingId: encodeId('Customer', owner),
      },
    );
  }
  return target;
}

async function readCustomers(tx: Tx, ids: string[]): Promise<Map<string, StoredCustomer>> {
  if (ids.length === 0) return new Map();
  await lockCustomers(tx, ids);
  const where = { workspaceId: tx.workspaceId, id: { in: ids } };
  const rows = await tx.customer.findMany({ where, include: withDetails });
  return new Map(rows.map((row) => [row.id, row]));
}

async function writePlans(tx: Tx, plans: CustomerPlan[]): Promise<void> {
  const { workspaceId } = tx;
  const now = new Date();
  const created = plans.filter(({ outcome }) => outcome === 'CREATED');
  const updated = plans.filter(({ outcome }) => outcome === 'UPDATED');
  const fresh = { workspaceId, status: 'ACTIVE', createdAt: now, updatedAt: now };
  await insertRows(
    tx,
    'Customer',
    created.map(({ id, row }) => ({ id, ...row, ...fresh })),
  );
  await updateRows(
    tx,
    'Customer',
    updated.map(({ id, row }) => ({ id, ...row, updatedAt: now })),
  );
  await insertRows(
    tx,
    'ContactPoint',
    plans.flatMap(({ contactPoints }) => contactPoints),
  );
  await insertRows(
    tx,
    'CustomerExternalId',
    plans.flatMap(({ externalIds }) => externalIds),
  );

  const readdressed = updated.filter(({ addresses }) => addresses).map(({ id }) => id);
  if (readdressed.length > 0) await tx.address.deleteMany({ where: { workspaceId, customerId: { in: readdressed } } });
  await insertRows(
    tx,
    'Address',
    plans.flatMap(({ addresses }) => addresses ?? []),
  );

  const retagged = updated.filter(({ tags }) => tags).map(({ id }) => id);
  if (retagged.length > 0) await tx.customerTag.deleteMany({ where: { workspaceId, customerId: { in: retagged } } });
  await insertRows(
    tx,
    'CustomerTag',
    plans.flatMap(({ tags }) => tags ?? []),
  );
}
