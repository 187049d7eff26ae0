import { newId } from '../../lib/ids.ts';
import type { Tx } from '../database.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { AuditAction } from '../generated/prisma/enums.ts';
import type { Actor } from './actor.ts';

export type Event = {
  action: AuditAction;
  entity: string;
  entityId?: string;
  customerId?: string;
  /** Values before and after, by field. */
  changes?: Prisma.InputJsonObject;
};

/** Records an event that no changed row shows. */
export async function recordEvent(tx: Tx, actor: Actor, event: Event): Promise<void> {
  const { workspaceId } = tx;
  await tx.auditEvent.create({ data: { workspaceId, id: newId(), occurredAt: new Date(), ...actor, ...event } });
}
