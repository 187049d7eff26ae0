import {
  type CustomerIdentifier,
  type CustomerKeyInput,
  countryOfWorkspace,
  identifierOfKey,
} from '../customers/identity/identifiers.ts';
import { resolveBuyer } from '../customers/identity/keys.ts';
import { ownerSql } from '../customers/identity/owner-sql.ts';
import type { Db } from '../db/database.ts';
import { workspace } from '../db/statements.ts';
import { documentOf } from './export-document.ts';
import { columnsOf, exportedColumns, relatedRows } from './export-sql.ts';

type Exported = { id: string; pastStates: { entity: string; state: object }[] };

/**
 * Exports one customer as a JSON document. IDs have the format of the API, times are in UTC, and amounts are strings. An
 * erased customer is exported with what is left of them.
 */
export async function exportCustomer(
  db: Db,
  key: CustomerKeyInput,
  defaultCountry: string | null,
): Promise<{ id: string; document: unknown }> {
  const identifier = identifierOfKey(key, countryOfWorkspace(defaultCountry), 'by');
  // Erased customers have no contact points and external IDs left.
  const { id, pastStates, ...customer } =
    (await read(db, identifier)) ?? (await readById(db, await resolveBuyer(db, key, 'by')));
  const past = pastStates.map(({ state, ...known }) => ({
    ...documentOf('PastState', known),
    state: documentOf(known.entity, state),
  }));
  const document = { ...documentOf('Customer', { id, ...customer }), pastStates: past };
  return { id, document: { exportedAt: new Date().toISOString(), customer: document } };
}

async function readById(db: Db, id: string): Promise<Exported> {
  const found = await read(db, { kind: 'ID', value: id });
  if (!found) throw new Error('The customer was deleted meanwhile.');
  return found;
}

async function read(db: Db, identifier: CustomerIdentifier): Promise<Exported | null> {
  const values: unknown[] = [db.workspaceId];
  const owner = ownerSql(identifier, (value) => `$${values.push(value)}`);
  const past = relatedRows('Customer', 'c', 'pastStates', (state) =>
    columnsOf('PastState', state, ['entity', 'since', 'until', 'state']),
  );
  const columns = [...exportedColumns('Customer', 'c'), past];
  const text = `SELECT row_to_json(x) AS customer FROM (SELECT ${columns.join(', ')} FROM "Customer" c
    WHERE c."workspaceId" = ${workspace} AND c."id" = ${owner}) x`;
  const [row] = await db.query<{ customer: Exported }>({ text, values });
  return row?.customer ?? null;
}
