import { z } from 'zod';
import { erasedKeyOf } from '../customers/erased-keys.ts';
import { customerKeyInput, resolveCustomer } from '../customers/keys.ts';
import { noteEvent, operator } from '../db/audit-event.ts';
import type { Db, Tx } from '../db/database.ts';
import { Prisma } from '../db/generated/prisma/client.ts';
import { lockRows, transact } from '../db/transact.ts';
import { normalizeContact } from '../lib/contact.ts';
import { DomainError } from '../lib/errors.ts';
import { idOf, parseInput } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import { sortKey } from '../lib/sort-key.ts';
import type { Written } from '../lib/written.ts';

const dayMs = 24 * 3_600_000;

const erasureInput = z.strictObject({
  customer: customerKeyInput,
  afterDays: z.int().min(0, 'Must not be negative.').max(365, 'Must be at most 365.').nullish(),
});

/** Asks for somebody to be forgotten, a week from now unless told. NOOP where it is asked for already. */
export async function requestErasure(db: Db, input: unknown): Promise<Written> {
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
    const { keyId, keyName } = db.author ?? operator('requestErasure');
    await tx.erasureRequest.create({
      data: { workspaceId, id, customerId, status: 'PENDING', requestedAt, dueAt, keyId, keyName },
    });
    return { id, outcome: 'CREATED' };
  });
}

/** Calls it off. CONFLICT where it was executed, NOOP where it was called off before. */
export async function cancelErasure(db: Db, input: unknown): Promise<Written> {
  const { id } = parseInput(z.strictObject({ id: idOf('ErasureRequest') }), input);
  return transact(db, async (tx) => {
    const where = { workspaceId_id: { workspaceId: tx.workspaceId, id } };
    await lockRows(tx, 'ErasureRequest', [id]);
    const request = await tx.erasureRequest.findUnique({ where });
    if (!request) throw new DomainError('NOT_FOUND', 'There is no such request.', { field: ['id'] });
    if (request.status === 'EXECUTED')
      throw new DomainError('CONFLICT', 'It was executed: there is nothing left to keep.', { field: ['id'] });
    if (request.status === 'CANCELED') return { id, outcome: 'NOOP' };
    await tx.erasureRequest.update({ where, data: { status: 'CANCELED', canceledAt: new Date() } });
    return { id, outcome: 'UPDATED' };
  });
}

/** Forgets everybody whose time has come; each in a transaction of their own. How many. */
export async function executeErasures(db: Db, now = new Date()): Promise<number> {
  const { workspaceId } = db;
  const due = { workspaceId, status: 'PENDING', dueAt: { lte: now } } as const;
  const requests = await db.erasureRequest.findMany({ where: due, select: { id: true }, orderBy: { dueAt: 'asc' } });
  for (const { id } of requests)
    await transact(db, async (tx) => {
      await lockRows(tx, 'ErasureRequest', [id]);
      const where = { workspaceId_id: { workspaceId, id } };
      const request = await tx.erasureRequest.findUniqueOrThrow({ where });
      if (request.status !== 'PENDING') return;
      await erase(tx, request.customerId);
      await tx.erasureRequest.update({ where, data: { status: 'EXECUTED', executedAt: new Date() } });
      const { customerId, keyId, keyName } = request;
      const author = { ...operator('executeErasure'), keyId, keyName };
      await noteEvent(tx, author, { action: 'DELETED', entity: 'Customer', entityId: customerId, customerId });
    });
  return requests.length;
}

// Orders, payments and returns stay, and so do the sums over them. All else goes, and of the customer stays that there
// was one.
async function erase(tx: Tx, customerId: string): Promise<void> {
  const { workspaceId } = tx;
  await lockRows(tx, 'Customer', [customerId]);
  const own = { where: { workspaceId, customerId } };
  const cases = (await tx.case.findMany({ ...own, select: { id: true } })).map(({ id }) => id);
  // Who never said who they are may have said it in a case of theirs.
  const said = { OR: [{ customerId }, { customerId: null, caseId: { in: cases } }] };
  const interactions = await tx.interaction.findMany({ where: { workspaceId, ...said }, select: { id: true } });
  const ids = interactions.map(({ id }) => id);
  const handoffs = await tx.caseHandoff.findMany({
    where: { workspaceId, caseId: { in: cases } },
    select: { id: true },
  });
  const points = await tx.contactPoint.findMany(own);
  const names = await tx.customerExternalId.findMany(own);

  await tx.surveyResponse.deleteMany(own);
  await tx.surveyResponse.updateMany({ where: { workspaceId, caseId: { in: cases } }, data: { caseId: null } });
  await tx.surveyResponse.updateMany({
    where: { workspaceId, interactionId: { in: ids } },
    data: { interactionId: null },
  });
  await tx.interaction.deleteMany({ where: { workspaceId, id: { in: ids } } });
  await tx.interaction.updateMany({ where: { workspaceId, caseId: { in: cases } }, data: { caseId: null } });
  await tx.case.deleteMany(own);
  await tx.consent.deleteMany(own);
  await tx.preference.deleteMany(own);
  await tx.contactPoint.deleteMany(own);
  await tx.customerExternalId.deleteMany(own);
  await tx.address.deleteMany(own);
  await tx.customerTag.deleteMany(own);
  await tx.pastState.deleteMany(own);
  await tx.order.updateMany({ ...own, data: { note: null, cancelReason: null, shippingAddress: Prisma.DbNull } });
  await tx.return.updateMany({ ...own, data: { reason: null } });
  await tx.customer.update({ where: { workspaceId_id: { workspaceId, id: customerId } }, data: nobody() });
  const claims = [
    // One that the upgrade could not bring into its new form is recognised by both.
    ...points.flatMap(({ kind, normalizedValue }) => {
      const values = new Set([normalizedValue, normalizeContact(kind, normalizedValue, null) ?? normalizedValue]);
      return [...values].map((value) => ({ kind, value, given: value, former: [] }));
    }),
    ...names.map(({ source, value }) => ({ kind: 'EXTERNAL' as const, source, value })),
  ];
  await tx.erasedKey.createMany({
    data: claims.map((claim) => ({ workspaceId, hash: erasedKeyOf(workspaceId, claim), customerId })),
    skipDuplicates: true,
  });
  const entities = [...ids, ...handoffs.map(({ id }) => id)];
  await tx.$queryRaw`SELECT rapport_erase_audit(${customerId}::uuid, ${entities}::uuid[])::text`;
}

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
