import { z } from 'zod';
import { customerKeyInput, resolveCustomer } from '../customers/keys.ts';
import type { Db, Tx } from '../db/database.ts';
import { ConsentPurpose, ConsentStatus, InteractionChannel } from '../db/generated/prisma/enums.ts';
import { lockRows } from '../db/transact.ts';
import { oneByOne, type Writer, writeOne } from '../db/writer.ts';
import { invalid } from '../lib/errors.ts';
import { instant, parseInput, text } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import type { Written } from '../lib/written.ts';

const consentInput = z.strictObject({
  customer: customerKeyInput,
  channel: z.enum(InteractionChannel),
  purpose: z.enum(ConsentPurpose),
  status: z.enum(ConsentStatus),
  source: text(300).nullish(),
  evidence: text(10_000).nullish(),
  capturedAt: instant().nullish(),
  expiresAt: instant().nullish(),
});

type ConsentInput = z.output<typeof consentInput>;

/** Records what somebody allows, refuses or takes back. Every record is kept; the one captured last holds. */
export function recordConsent(db: Db, input: unknown): Promise<Written> {
  return writeOne(db, consentWriter, input);
}

export const consentWriter: Writer<ConsentInput> = {
  parse: (input) => parseInput(consentInput, input),
  ...oneByOne(writeConsent),
};

async function writeConsent(tx: Tx, wanted: ConsentInput): Promise<Written> {
  const { customer, channel, purpose, status, source, evidence, capturedAt, expiresAt } = wanted;
  const { workspaceId } = tx;
  const now = new Date();
  const captured = capturedAt ?? now;
  if (expiresAt && expiresAt <= captured) throw invalid('Must be after capturedAt.', 'expiresAt');
  const customerId = await resolveCustomer(tx, customer, 'customer');
  await lockRows(tx, 'Customer', [customerId]);

  const key = { workspaceId, customerId, channel, purpose };
  const known = await tx.consentEvent.findFirst({
    where: { ...key, status, ...(capturedAt && { capturedAt }) },
    orderBy: { capturedAt: 'desc' },
  });
  const current = await tx.consent.findUnique({ where: { workspaceId_customerId_channel_purpose: key } });
  // Without an instant it says how things stand: nothing new where they stand so already.
  if (
    known &&
    (capturedAt || (current?.status === status && current.capturedAt.getTime() === known.capturedAt.getTime()))
  ) {
    return { id: known.id, outcome: 'NOOP' };
  }

  const state = {
    status,
    source: source ?? null,
    evidence: evidence ?? null,
    capturedAt: captured,
    expiresAt: expiresAt ?? null,
  };
  if (!current) await tx.consent.create({ data: { ...key, ...state, id: newId() } });
  else if (captured >= current.capturedAt) {
    await tx.consent.update({ where: { workspaceId_customerId_channel_purpose: key }, data: state });
  }
  const id = newId();
  await tx.consentEvent.create({ data: { ...key, ...state, id, createdAt: now } });
  return { id, outcome: 'CREATED' };
}
