import { expect } from 'vitest';
import type { Db } from '../../src/db/database.ts';
import { contentOf } from '../order-actions.ts';
import type { McpClient } from './mcp-client.ts';

/** Returns what identifies the content of all tables. Reads of personal data are in the audit log, so they do not count. */
export async function writtenContentOf(db: Db): Promise<Record<string, string>> {
  const written = await db.auditEvent.count({ where: { action: { not: 'READ' } } });
  return { ...(await contentOf(db)), AuditEvent: String(written) };
}

/** Makes a preview, which must not change anything, and then the confirmed write. */
export async function confirmed(db: Db, { read }: McpClient, name: string, args: object) {
  const before = await writtenContentOf(db);
  const preview = await read(name, args);
  expect(await writtenContentOf(db)).toEqual(before);
  expect(preview.data).toMatchObject({ isDone: false, confirmation: { code: expect.any(String) } });
  const code: string = preview.data.confirmation.code;
  const done = await read(name, { ...args, confirmation: code });
  expect(done.data).toMatchObject({ isDone: true, confirmation: null });
  return { preview, done, code };
}
