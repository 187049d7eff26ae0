import type { Db, Tx } from '../db/database.ts';
import type { Statement } from '../db/statements.ts';
import { type Bulk, bulkOf } from '../db/write/bulk.ts';
import { transact } from '../db/write/transact.ts';
import { normalizeContact } from '../lib/contact/contact.ts';
import { labelKey } from '../lib/text/fold.ts';
import { sortKey } from '../lib/text/sort-key.ts';
import type { PhoneCountry } from './identity/identifiers.ts';
import { phoneCountriesOf } from './identity/phone-countries.ts';
import { searchTextOf } from './search/search.ts';

const batchSize = 1_000;

/**
 * Upgrades the customers of version 0.1 to the forms that lookups, searches and lists use now. The migration upgraded
 * the rows in plain ASCII, so only other rows are read.
 */
export async function upgradeCustomers(db: Db): Promise<void> {
  await inBatches(db, upgradeContactPoints);
  await inBatches(db, upgradeTags);
  await transact(db, markContactNames);
  await inBatches(db, upgradeNames);
}

/** Upgrades the next rows after an id. Returns the last id of the batch, or null at the end. */
type Batch = (tx: Tx, after: string) => Promise<string | null>;

async function inBatches(db: Db, batch: Batch): Promise<void> {
  let after: string | null = '';
  while (after !== null) {
    const from: string = after;
    after = await transact(db, (tx) => batch(tx, from));
  }
}

const firstId = '00000000-0000-0000-0000-000000000000';

type Point = {
  id: string;
  customerId: string;
  kind: 'EMAIL' | 'PHONE' | 'SOCIAL';
  value: string;
  normalizedValue: string;
};

// Reads handles and email addresses beyond ASCII, email addresses with an encoded domain, and phone numbers without a
// country code, with an extension, or with a zero where a national prefix may be.
async function upgradeContactPoints(tx: Tx, after: string): Promise<string | null> {
  const text = `SELECT "id", "customerId", "kind"::text, "value", "normalizedValue" FROM "ContactPoint"
    WHERE "workspaceId" = $1::uuid AND "id" > $2::uuid
      AND ("kind" = 'SOCIAL' AND "normalizedValue" ~ '[^ -~]'
        OR "kind" = 'EMAIL' AND "normalizedValue" ~ '[^ -~]|[@.]xn--'
        OR "kind" = 'PHONE' AND ("value" !~ '^\\s*(\\+|00)[0-9 ()./-]*$' OR "normalizedValue" ~ '^\\+[0-9]{1,3}0'))
    ORDER BY "id" LIMIT ${batchSize}`;
  const points = await tx.query<Point>({ text, values: [tx.workspaceId, after || firstId] });
  const countries = await phoneCountriesOf(
    tx,
    points.flatMap(({ kind, customerId }) => (kind === 'PHONE' ? customerId : [])),
  );
  const changed = points.flatMap((point) => {
    const normalizedValue = formNow(point, countries.get(point.customerId));
    // A value that this version rejects stays unchanged.
    return normalizedValue && normalizedValue !== point.normalizedValue ? [{ ...point, normalizedValue }] : [];
  });
  const taken = await ownersOf(tx, changed);
  const renamed: { id: string; normalizedValue: string }[] = [];
  const customers = new Set<string>();
  for (const { id, customerId, kind, normalizedValue } of changed) {
    const key = `${kind} ${normalizedValue}`;
    // If another row already has the new form, this row stays unchanged.
    if (taken.has(key)) continue;
    taken.add(key);
    renamed.push({ id, normalizedValue });
    customers.add(customerId);
  }
  const bulk = await bulkOf(tx);
  await tx.sendAll([...bulk.update('ContactPoint', renamed), ...namedLater(bulk, [...customers])]);
  return points.length < batchSize ? null : (points.at(-1)?.id ?? null);
}

function formNow({ kind, value, normalizedValue }: Point, country: PhoneCountry | undefined): string | null {
  return kind === 'PHONE'
    ? normalizeContact(kind, value, country?.country ?? null)
    : normalizeContact(kind, normalizedValue, null);
}

async function ownersOf(tx: Tx, points: Point[]): Promise<Set<string>> {
  if (points.length === 0) return new Set();
  const text = `SELECT "kind"::text || ' ' || "normalizedValue" AS key FROM "ContactPoint"
    WHERE "workspaceId" = $1::uuid AND "normalizedValue" = ANY ($2::text[])`;
  const rows = await tx.query<{ key: string }>({
    text,
    values: [tx.workspaceId, points.map((each) => each.normalizedValue)],
  });
  return new Set(rows.map(({ key }) => key));
}

// Marks customers for the last step with an empty sort key.
function namedLater(bulk: Bulk, ids: string[]) {
  return bulk.update(
    'Customer',
    ids.map((id) => ({ id, sortName: '' })),
  );
}

// Version 0.1 did not treat names such as `(+48) 601 234 762` and `tel:+48601234762` as contact points, so every key
// could search them.
async function markContactNames(tx: Tx): Promise<void> {
  const text = `UPDATE "Customer" SET "sortName" = ''
    WHERE "workspaceId" = $1::uuid AND "searchText" ~ '^([^\\t]*\\n)?\\s*(\\([+]|\\(00|tel:)'`;
  await tx.sendAll([{ text, values: [tx.workspaceId] }]);
}

type Tag = { customerId: string; tag: string; labelKey: string };

// The migration used the text of a tag beyond ASCII as its key.
async function upgradeTags(tx: Tx, after: string): Promise<string | null> {
  const text = `SELECT "customerId", "tag", "labelKey" FROM "CustomerTag"
    WHERE "workspaceId" = $1::uuid AND "customerId" IN (
      SELECT DISTINCT "customerId" FROM "CustomerTag" WHERE "workspaceId" = $1::uuid AND "customerId" > $2::uuid AND "tag" ~ '[^ -~]'
      ORDER BY "customerId" LIMIT ${batchSize})
    ORDER BY "customerId", ctid`;
  const tags = await tx.query<Tag>({ text, values: [tx.workspaceId, after || firstId] });
  const seen = new Set<string>();
  const deletes: Statement[] = [];
  const updates: Statement[] = [];
  for (const { customerId, tag, labelKey: before } of tags) {
    const key = labelKey(tag);
    const where = `WHERE "workspaceId" = $1::uuid AND "customerId" = $2::uuid AND "labelKey" = $3`;
    const values = [tx.workspaceId, customerId, before];
    if (seen.has(`${customerId} ${key}`)) deletes.push({ text: `DELETE FROM "CustomerTag" ${where}`, values });
    else if (key !== before)
      updates.push({ text: `UPDATE "CustomerTag" SET "labelKey" = $4 ${where}`, values: [...values, key] });
    seen.add(`${customerId} ${key}`);
  }
  // Deletes come first: the primary key allows each tag once.
  await tx.sendAll([...deletes, ...updates]);
  const customers = new Set(tags.map(({ customerId }) => customerId));
  return customers.size < batchSize ? null : (tags.at(-1)?.customerId ?? null);
}

async function upgradeNames(tx: Tx): Promise<string | null> {
  const { workspaceId } = tx;
  const customers = await tx.customer.findMany({
    where: { workspaceId, sortName: '' },
    select: {
      id: true,
      status: true,
      displayName: true,
      givenName: true,
      familyName: true,
      shortName: true,
      contactPoints: { select: { normalizedValue: true }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
    },
    take: batchSize,
  });
  const rows = customers.map(({ id, status, displayName, givenName, familyName, shortName, contactPoints }) => ({
    id,
    sortName: sortKey(displayName),
    searchText:
      status === 'ERASED'
        ? ''
        : searchTextOf(
            [displayName, givenName, familyName, shortName],
            contactPoints.map(({ normalizedValue }) => normalizedValue),
          ),
  }));
  await tx.sendAll((await bulkOf(tx)).update('Customer', rows));
  return customers.length < batchSize ? null : 'next';
}
