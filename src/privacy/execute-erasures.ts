import { erasedKeyOf } from '../customers/identity/erased-keys.ts';
import type { CustomerIdentifier } from '../customers/identity/identifiers.ts';
import type { Db, Tx } from '../db/database.ts';
import type { ContactPointModel } from '../db/generated/prisma/models.ts';
import { sqlStateOf } from '../db/sql-state.ts';
import { operator } from '../db/write/actor.ts';
import { recordEvent } from '../db/write/audit-event.ts';
import type { BatchOptions } from '../db/write/batches.ts';
import { bulkOf } from '../db/write/bulk.ts';
import { lockRows, transact } from '../db/write/transact.ts';
import { normalizeContact } from '../lib/contact/contact.ts';
import { reportOf } from '../lib/process/faults.ts';
import { sortKey } from '../lib/text/sort-key.ts';
import { eraseRecords } from './erase-records.ts';

/** Handles the failure of one erasure, so that the others continue. By default, a failure stops them. */
export type OnFault = (fault: unknown) => void;

const stop: OnFault = (fault) => {
  throw fault;
};

/**
 * Executes all erasures that are due. An interrupted erasure resumes. A failed one records the reason, and is retried
 * after those that never failed.
 */
export async function executeErasures(
  db: Db,
  now = new Date(),
  batches: BatchOptions = {},
  onFault = stop,
): Promise<void> {
  const { workspaceId } = db;
  const requests = await db.erasureRequest.findMany({
    where: { workspaceId, status: { in: ['PENDING', 'EXECUTING'] }, dueAt: { lte: now } },
    select: { id: true },
    orderBy: [{ failedAt: { sort: 'asc', nulls: 'first' } }, { dueAt: 'asc' }],
  });
  for (const { id } of requests)
    try {
      await executeErasure(db, id, batches);
    } catch (fault) {
      batches.signal?.throwIfAborted();
      const where = { workspaceId_id: { workspaceId, id } };
      const data = { failedAt: new Date(), failure: reasonOf(fault) };
      await db.erasureRequest.update({ where, data }).catch(onFault);
      onFault(fault);
    }
}

// Runs in three steps, each of which can be repeated. After the first, the customer shows as erased everywhere. After
// the last, none of their personal data is left.
async function executeErasure(db: Db, id: string, batches: BatchOptions): Promise<void> {
  const customerId = await transact(db, (tx) => begin(tx, id), beginTimeoutMs);
  if (customerId === null) return;
  await eraseRecords(db, customerId, batches);
  await transact(db, (tx) => finish(tx, id));
}

// Returns null if another process executed the request first, or if it was canceled.
async function begin(tx: Tx, id: string): Promise<string | null> {
  const { where, request } = await lockRequest(tx, id);
  const { status, customerId } = request;
  if (status === 'PENDING') {
    await eraseIdentity(tx, customerId);
    await tx.erasureRequest.update({ where, data: { status: 'EXECUTING' } });
  }
  return status === 'PENDING' || status === 'EXECUTING' ? customerId : null;
}

async function finish(tx: Tx, id: string): Promise<void> {
  const { where, request } = await lockRequest(tx, id);
  if (request.status === 'EXECUTED') return;
  const done = { status: 'EXECUTED', executedAt: new Date(), failedAt: null, failure: null } as const;
  await tx.erasureRequest.update({ where, data: done });
  const { customerId, keyId, keyName } = request;
  const actor = { ...operator('executeErasure'), keyId, keyName };
  await recordEvent(tx, actor, { action: 'DELETED', entity: 'Customer', entityId: customerId, customerId });
}

async function lockRequest(tx: Tx, id: string) {
  await lockRows(tx, 'ErasureRequest', [id]);
  const where = { workspaceId_id: { workspaceId: tx.workspaceId, id } };
  return { where, request: await tx.erasureRequest.findUniqueOrThrow({ where }) };
}

// Removes all identifiers in one transaction. From then on, no lookup finds the customer and no write reaches them.
async function eraseIdentity(tx: Tx, customerId: string): Promise<void> {
  const { workspaceId } = tx;
  // Also waits for concurrent writes to the customer: see the trigger "refuse_erased".
  const text = 'SELECT 1 FROM "Customer" WHERE "workspaceId" = $1::uuid AND "id" = $2::uuid FOR UPDATE';
  await tx.query({ text, values: [workspaceId, customerId] });
  const values = [workspaceId, customerId];
  const take = <Row extends object>(table: string, columns: string) =>
    tx.query<Row>({ text: `DELETE FROM "${table}" WHERE ${own} RETURNING ${columns}`, values });
  // One statement per table, because a customer may have hundreds of thousands of identifiers and none may remain.
  const points = await take<Pick<ContactPointModel, 'kind' | 'normalizedValue'>>(
    'ContactPoint',
    '"kind"::text, "normalizedValue"',
  );
  const names = await take<{ source: string; value: string }>('CustomerExternalId', '"source", "value"');
  await take('CustomerTag', '1');
  const identifiers: CustomerIdentifier[] = [
    // A contact point that the upgrade could not convert is recognized in both its old and its new form.
    ...points.flatMap(({ kind, normalizedValue }) => {
      const values = new Set([normalizedValue, normalizeContact(kind, normalizedValue, null) ?? normalizedValue]);
      return [...values].map((value) => ({ kind, value, given: value, former: [] }));
    }),
    ...names.map(({ source, value }): CustomerIdentifier => ({ kind: 'EXTERNAL', source, value })),
  ];
  const bulk = await bulkOf(tx);
  for (let from = 0; from < identifiers.length; from += keysInStatement) {
    const rows = identifiers
      .slice(from, from + keysInStatement)
      .map((identifier) => ({ hash: erasedKeyOf(workspaceId, identifier), customerId }));
    await tx.sendAll(bulk.insert('ErasedKey', rows, 'ON CONFLICT DO NOTHING'));
  }
  await tx.customer.update({ where: { workspaceId_id: { workspaceId, id: customerId } }, data: nobody() });
}

const own = '"workspaceId" = $1::uuid AND "customerId" = $2::uuid';
const keysInStatement = 10_000;
// Removing 400,000 identifiers takes ten seconds.
const beginTimeoutMs = 300_000;

function nobody() {
  const nothing = { givenName: null, familyName: null, shortName: null, title: null, register: null, note: null };
  const unknown = { locale: null, timezone: null, country: null, quietFrom: null, quietUntil: null };
  const undated = { birthMonth: null, birthDay: null, birthYear: null };
  const left = {
    displayName: 'Erased',
    isNameChosen: false,
    sortName: sortKey('Erased'),
    salutation: {},
    searchText: '',
    status: 'ERASED',
    updatedAt: new Date(),
  } as const;
  return { ...nothing, ...unknown, ...undated, ...left };
}

// Returns a reason that callers may see. Leaves out the message of the fault, which may quote rows.
function reasonOf(fault: unknown): string {
  const state = sqlStateOf(fault);
  if (state === '57014') return 'A statement exceeded the statement timeout.';
  if (state === '55P03') return 'Another write locked rows of this customer for too long.';
  const { type, code = type } = reportOf(fault);
  return `Internal error (${state ?? code}). See the server log.`;
}
