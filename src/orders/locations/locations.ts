import * as z from 'zod';
import type { Db } from '../../db/database.ts';
import { entityKey, externalIdColumns, findEntities } from '../../db/entity-keys.ts';
import { lockRows, transact } from '../../db/write/transact.ts';
import { differs, keep } from '../../lib/changes.ts';
import { DomainError } from '../../lib/errors.ts';
import { countryCode, name as nameField, parseInput, timezone } from '../../lib/fields.ts';
import { newId } from '../../lib/ids.ts';
import { sortKey } from '../../lib/text/sort-key.ts';
import type { UpsertResult } from '../../lib/upsert-result.ts';
import { checkVersion, expectedVersion } from '../../lib/versions.ts';

const locationInput = z.strictObject({
  key: entityKey('Location'),
  name: nameField().nullish(),
  timezone: timezone().nullish(),
  countryCode: countryCode().nullish(),
  expectedVersion,
});

/** Creates or updates a branch or shop. */
export async function upsertLocation(db: Db, input: unknown): Promise<UpsertResult> {
  const location = parseInput(locationInput, input);
  return transact(db, async (tx) => {
    const { workspaceId } = tx;
    const { externalId } = location.key;
    const [id] = await findEntities(tx, 'Location', [location.key]);
    if (id) await lockRows(tx, 'Location', [id]);
    const stored = id ? await tx.location.findUnique({ where: { workspaceId_id: { workspaceId, id } } }) : null;
    if (!stored && !externalId)
      throw new DomainError('NOT_FOUND', 'No location has this ID.', { field: ['key', 'id'] });
    checkVersion(location.expectedVersion, stored);

    const name = keep(location.name, stored?.name) ?? externalId?.value ?? '';
    const row = {
      name,
      sortName: sortKey(name),
      timezone: keep(location.timezone, stored?.timezone),
      countryCode: keep(location.countryCode, stored?.countryCode),
    };
    const updatedAt = new Date();
    if (stored) {
      if (!differs(row, stored)) return { id: stored.id, outcome: 'NOOP' };
      await tx.location.update({
        where: { workspaceId_id: { workspaceId, id: stored.id } },
        data: { ...row, updatedAt },
      });
      return { id: stored.id, outcome: 'UPDATED' };
    }
    const created = {
      workspaceId,
      id: newId(),
      ...externalIdColumns(externalId),
    };
    await tx.location.create({ data: { ...created, ...row, createdAt: updatedAt, updatedAt } });
    return { id: created.id, outcome: 'CREATED' };
  });
}
