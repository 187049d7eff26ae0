import * as z from 'zod';
import type { Db } from '../../db/database.ts';
import { ContactPointKind } from '../../db/generated/prisma/enums.ts';
import { bulkOf } from '../../db/write/bulk.ts';
import { lockRows, transact } from '../../db/write/transact.ts';
import { DomainError } from '../../lib/errors.ts';
import { idOf, instant, parseInput, text } from '../../lib/fields.ts';
import type { UpsertResult } from '../../lib/upsert-result.ts';
import { countryOfWorkspace, customerKeyInput, identifierOfContact, takenError } from '../identity/identifiers.ts';
import { resolveCustomer } from '../identity/keys.ts';
import { findPastOwners } from '../identity/owners.ts';
import { phoneCountriesOf } from '../identity/phone-countries.ts';
import { touch } from '../touch.ts';
import { planContactPoints, primaryStatements } from './contact-plan.ts';

const newContactPoint = z.strictObject({
  customer: customerKeyInput,
  kind: z.enum(ContactPointKind),
  value: text(320),
  isPrimary: z.boolean().nullish(),
  verifiedAt: instant().nullish(),
});

/** Adds a contact point or updates an existing one. Fails with CONFLICT if another customer has it. */
export async function addContactPoint(db: Db, input: unknown): Promise<UpsertResult> {
  const { customer, kind, value, isPrimary, verifiedAt } = parseInput(newContactPoint, input);
  return transact(db, async (tx) => {
    const { workspaceId } = tx;
    const customerId = await resolveCustomer(tx, customer, 'customer');
    await lockRows(tx, 'Customer', [customerId]);
    const countries = await phoneCountriesOf(tx, kind === 'PHONE' ? [customerId] : []);
    const country = countries.get(customerId) ?? countryOfWorkspace(null);
    const identifier = identifierOfContact(kind, value, country, 'value');
    const owners = await findPastOwners(tx, [identifier]);
    const owner = owners.of(identifier);
    if (owner !== null && owner !== customerId)
      throw takenError(identifier, owner, owners.isErased(identifier), ['value']);

    const stored = await tx.contactPoint.findMany({ where: { workspaceId, customerId, kind } });
    const plan = planContactPoints([{ identifier, isPrimary }], stored);
    const known = stored.find(({ normalizedValue }) => normalizedValue === identifier.value);
    const isVerifiedAnew = known && verifiedAt !== undefined && known.verifiedAt?.getTime() !== verifiedAt?.getTime();
    const { added, demoted, promoted } = plan;
    if (!isVerifiedAnew && added.length + demoted.length + promoted.length === 0)
      return { id: customerId, outcome: 'NOOP' };
    const bulk = await bulkOf(tx);
    const row = { customerId, verifiedAt: verifiedAt ?? null, createdAt: new Date() };
    const verified = isVerifiedAnew ? [{ id: known.id, verifiedAt: row.verifiedAt }] : [];
    await tx.sendAll([
      ...primaryStatements([plan], bulk),
      ...bulk.insert(
        'ContactPoint',
        added.map((point) => ({ ...row, ...point })),
      ),
      ...bulk.update('ContactPoint', verified),
    ]);
    await touch(tx, customerId);
    return { id: customerId, outcome: 'UPDATED' };
  });
}

const removedInput = z.strictObject({ id: idOf('ContactPoint') });

/** Removes a contact point. If it was primary, the oldest other one of its kind becomes primary. */
export async function removeContactPoint(db: Db, input: unknown): Promise<UpsertResult> {
  const { id } = parseInput(removedInput, input);
  return transact(db, async (tx) => {
    const { workspaceId } = tx;
    const point = await tx.contactPoint.findUnique({ where: { workspaceId_id: { workspaceId, id } } });
    if (!point) throw new DomainError('NOT_FOUND', 'No contact point has this ID.', { field: ['id'] });
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
