import { z } from 'zod';
import type { Db, Tx } from '../db/database.ts';
import { ContactPointKind } from '../db/generated/prisma/enums.ts';
import { lockRows, transact } from '../db/transact.ts';
import { DomainError } from '../lib/errors.ts';
import { idOf, instant, name, parseInput, text } from '../lib/fields.ts';
import { encodeId, newId } from '../lib/ids.ts';
import type { Written } from '../lib/written.ts';
import {
  claimOfContact,
  claimText,
  customerKeyInput,
  defaultCountryOf,
  findPastOwners,
  resolveCustomer,
} from './keys.ts';
import { searchTextOf } from './search.ts';

const newContactPoint = z.strictObject({
  customer: customerKeyInput,
  kind: z.enum(ContactPointKind),
  value: text(320),
  isPrimary: z.boolean().nullish(),
  verifiedAt: instant().nullish(),
});

/** Adds a way to reach somebody, or changes the one that is there. CONFLICT where another customer has it. */
export async function addContactPoint(db: Db, input: unknown): Promise<Written> {
  const { customer, kind, value, isPrimary, verifiedAt } = parseInput(newContactPoint, input);
  return transact(db, async (tx) => {
    const { workspaceId } = tx;
    const customerId = await resolveCustomer(tx, customer, 'customer');
    await lockRows(tx, 'Customer', [customerId]);
    const claim = claimOfContact(kind, value, await defaultCountryOf(tx, kind === 'PHONE'), 'value');
    const owner = (await findPastOwners(tx, [claim])).get(claimText(claim));
    if (owner !== undefined && owner !== customerId) {
      const conflictingId = encodeId('Customer', owner);
      throw new DomainError('CONFLICT', `Another customer has this ${kind.toLowerCase()}.`, {
        field: ['value'],
        conflictingId,
      });
    }

    const ofKind = await tx.contactPoint.findMany({ where: { workspaceId, customerId, kind } });
    const known = ofKind.find(({ normalizedValue }) => normalizedValue === claim.value);
    const primary = isPrimary ?? known?.isPrimary ?? !ofKind.some((point) => point.isPrimary);
    const verified = verifiedAt === undefined ? (known?.verifiedAt ?? null) : verifiedAt;
    if (known && known.isPrimary === primary && known.verifiedAt?.getTime() === verified?.getTime()) {
      return { id: customerId, outcome: 'NOOP' };
    }
    if (primary)
      await tx.contactPoint.updateMany({ where: { workspaceId, customerId, kind }, data: { isPrimary: false } });
    const state = { isPrimary: primary, verifiedAt: verified };
    if (known) {
      await tx.contactPoint.update({ where: { workspaceId_id: { workspaceId, id: known.id } }, data: state });
    } else {
      const row = {
        workspaceId,
        id: newId(),
        customerId,
        kind,
        value,
        normalizedValue: claim.value,
        createdAt: new Date(),
      };
      await tx.contactPoint.create({ data: { ...row, ...state } });
    }
    await touch(tx, customerId);
    return { id: customerId, outcome: 'UPDATED' };
  });
}

/** Removes it; where it was the primary one, the oldest other of its kind takes its place. */
export async function removeContactPoint(db: Db, input: unknown): Promise<Written> {
  const { id } = parseInput(z.strictObject({ id: idOf('ContactPoint') }), input);
  return transact(db, async (tx) => {
    const { workspaceId } = tx;
    const point = await tx.contactPoint.findUnique({ where: { workspaceId_id: { workspaceId, id } } });
    if (!point) throw new DomainError('NOT_FOUND', 'No such contact point.', { field: ['id'] });
    const { customerId, kind } = point;
    await lockRows(tx, 'Customer', [customerId]);
    await tx.contactPoint.deleteMany({ where: { workspaceId, id } });
    const next = point.isPrimary
      ? await tx.contactPoint.findFirst({
          where: { workspaceId, customerId, kind },
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        })
      : null;
    if (next)
      await tx.contactPoint.update({
        where: { workspaceId_id: { workspaceId, id: next.id } },
        data: { isPrimary: true },
      });
    await touch(tx, customerId);
    return { id: customerId, outcome: 'UPDATED' };
  });
}

const tagged = z.strictObject({ customer: customerKeyInput, tag: name(100) });

export async function tagCustomer(db: Db, input: unknown): Promise<Written> {
  const { customer, tag } = parseInput(tagged, input);
  return transact(db, async (tx) => {
    const customerId = await resolveCustomer(tx, customer, 'customer');
    const row = { workspaceId: tx.workspaceId, customerId, tag };
    const { count } = await tx.customerTag.createMany({ data: [row], skipDuplicates: true });
    if (count > 0) await touch(tx, customerId);
    return { id: customerId, outcome: count > 0 ? 'UPDATED' : 'NOOP' };
  });
}

export async function untagCustomer(db: Db, input: unknown): Promise<Written> {
  const { customer, tag } = parseInput(tagged, input);
  return transact(db, async (tx) => {
    const customerId = await resolveCustomer(tx, customer, 'customer');
    const { count } = await tx.customerTag.deleteMany({ where: { workspaceId: tx.workspaceId, customerId, tag } });
    if (count > 0) await touch(tx, customerId);
    return { id: customerId, outcome: count > 0 ? 'UPDATED' : 'NOOP' };
  });
}

// What a search reads follows what there is to find.
async function touch(tx: Tx, id: string): Promise<void> {
  const where = { workspaceId_id: { workspaceId: tx.workspaceId, id } };
  const { displayName, givenName, familyName, shortName, contactPoints } = await tx.customer.findUniqueOrThrow({
    where,
    include: { contactPoints: { orderBy: { createdAt: 'asc' } } },
  });
  const contacts = contactPoints.map(({ normalizedValue }) => normalizedValue);
  const searchText = searchTextOf([displayName, givenName, familyName, shortName], contacts);
  await tx.customer.update({ where, data: { searchText, updatedAt: new Date() } });
}
