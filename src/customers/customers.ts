import type { Bulk } from '../db/bulk.ts';
import type { Db, Tx } from '../db/database.ts';
import type { Statement } from '../db/statements.ts';
import { lockRows } from '../db/transact.ts';
import { inSteps, type Writer, writeOne } from '../db/writer.ts';
import { DomainError } from '../lib/errors.ts';
import { parseInput } from '../lib/fields.ts';
import { encodeId } from '../lib/ids.ts';
import { attempt, refused, type Written } from '../lib/written.ts';
import { type CustomerInput, customerInput } from './input.ts';
import { type Claim, claimOfContact, claimOfKey, claimText, defaultCountryOf, findPastOwners } from './keys.ts';
import { type CustomerPlan, planCustomer, type StoredCustomer, withDetails } from './plan.ts';

/** `key` is what finds the customer; `claims` is all that will be theirs alone, the key first. */
type Claimed = { input: CustomerInput; key: Claim; claims: Claim[] };
/** `target` is whom to write to; null makes somebody new. */
type Subject = Claimed & { target: string | null; keys: string[] };

/** Creates or updates the customer that the key means, and says which. */
export function upsertCustomer(db: Db, input: unknown): Promise<Written> {
  return writeOne(db, customerWriter, input);
}

export const customerWriter: Writer<CustomerInput> = {
  parse: (input) => parseInput(customerInput, input),
  ...inSteps({
    async identify(tx, items): Promise<(Subject | DomainError)[]> {
      const defaultCountry = await defaultCountryOf(tx, items.some(hasPhone));
      const claimed = items.map((input) => attempt(() => claimsOf(input, defaultCountry)));
      const owners = await findPastOwners(
        tx,
        claimed.flatMap((each) => (refused(each) ? [] : each.claims)),
      );
      return claimed.map((each) => (refused(each) ? each : attempt(() => subjectOf(each, owners))));
    },
    read: (tx, subjects) =>
      readCustomers(
        tx,
        subjects.flatMap(({ target }) => target ?? []),
      ),
    plan: ({ input, claims, target }, stored) => planCustomer(input, claims, stored.get(target ?? '') ?? null),
    write: writePlans,
  }),
};

function hasPhone({ key, contactPoints }: CustomerInput): boolean {
  return Boolean(key.phone) || Boolean(contactPoints?.some(({ kind }) => kind === 'PHONE'));
}

function claimsOf(input: CustomerInput, defaultCountry: string | null): Claimed {
  const key = claimOfKey(input.key, defaultCountry, 'key');
  const contacts = (input.contactPoints ?? []).map(({ kind, value }, i) =>
    claimOfContact(kind, value, defaultCountry, 'contactPoints', i, 'value'),
  );
  const externals = (input.externalIds ?? []).map((externalId): Claim => ({ kind: 'EXTERNAL', ...externalId }));
  const claims = new Map([key, ...contacts, ...externals].map((claim) => [claimText(claim), claim]));
  return { input, key, claims: [...claims.values()] };
}

// Every claim must be free, or theirs already.
function subjectOf(claimed: Claimed, owners: Map<string, string>): Subject {
  const { key, claims } = claimed;
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
  return { ...claimed, target, keys: [...(target ? [target] : []), ...claims.map(claimText)] };
}

async function readCustomers(tx: Tx, ids: string[]): Promise<Map<string, StoredCustomer>> {
  if (ids.length === 0) return new Map();
  await lockRows(tx, 'Customer', ids);
  const where = { workspaceId: tx.workspaceId, id: { in: ids } };
  const rows = await tx.customer.findMany({ where, include: withDetails });
  return new Map(rows.map((row) => [row.id, row]));
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
    ...bulk.insert(
      'ContactPoint',
      plans.flatMap(({ contactPoints }) => contactPoints),
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
