import { createApiKey } from '../../src/access/api-keys.ts';
import { allScopes } from '../../src/access/scopes.ts';
import { openDatabase } from '../../src/db/database.ts';
import { connect } from '../harness.ts';
import { type Seeded, seededDatabase } from '../seeded.ts';
import { recordedAt } from './compared/record-interaction.ts';

/** A seeded workspace, and the secrets of two keys: one with all scopes, one that may not read personal data. */
export type Workspace = { seeded: Seeded; customers: number; orders: number; secret: string; maskedSecret: string };

export async function openWorkspace(customers: number): Promise<Workspace> {
  const seeded = await seededDatabase(customers);
  await forgetRequests(seeded);
  const database = await openDatabase({ databaseUrl: seeded.url, dataDir: '' });
  const db = database.forWorkspace(seeded.workspaceId);
  const secretOf = async (scopes: string[]) => (await createApiKey(db, { name: 'bench', scopes })).secret;
  const workspace = {
    seeded,
    customers,
    orders: await db.order.count(),
    secret: await secretOf(allScopes),
    maskedSecret: await secretOf(allScopes.filter((scope) => !scope.startsWith('pii:'))),
  };
  await database.close();
  return workspace;
}

/** Deletes what requests have written: recorded interactions, idempotency records, audit events and keys. */
export async function forgetRequests({ name, workspaceId }: Seeded): Promise<void> {
  const client = await connect(name);
  await client.query('SET session_replication_role = replica');
  await client.query('TRUNCATE "AuditEvent", "IdempotencyRecord", "RateLimit", "ApiKey"');
  await client.query(`DELETE FROM "Interaction" WHERE "workspaceId" = $1 AND "occurredAt" = $2`, [
    workspaceId,
    recordedAt,
  ]);
  await client.query('VACUUM ANALYZE "Interaction", "AuditEvent"');
  await client.end();
}
