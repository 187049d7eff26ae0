import * as z from 'zod';
import { customerKeyInput, resolveCustomer } from '../../customers/identity/keys.ts';
import type { Db, Tx } from '../../db/database.ts';
import { ConsentPurpose, ConsentStatus, InteractionChannel } from '../../db/generated/prisma/enums.ts';
import type { ConsentEventModel } from '../../db/generated/prisma/models.ts';
import { type BulkWriter, oneByOne, writeOne } from '../../db/write/bulk-upsert.ts';
import { lockRows } from '../../db/write/transact.ts';
import { differs, keep } from '../../lib/changes.ts';
import { invalid } from '../../lib/errors.ts';
import { instant, parseInput, pastInstant, text } from '../../lib/fields.ts';
import { newId } from '../../lib/ids.ts';
import type { UpsertResult } from '../../lib/upsert-result.ts';
import { decisionHeld, effectiveAt } from './decisions.ts';

const consentInput = z
  .strictObject({
    customer: customerKeyInput,
    channel: z.enum(InteractionChannel),
    purpose: z.enum(ConsentPurpose),
    status: z.enum(ConsentStatus),
    source: text(300).nullish(),
    evidence: text(10_000).nullish(),
    capturedAt: instant().nullish(),
    expiresAt: instant().nullish(),
  })
  // A withdrawal must not be lost, so one dated in the future takes effect now.
  .refine(({ status, capturedAt }) => status !== 'GRANTED' || pastInstant().nullish().safeParse(capturedAt).success, {
    path: ['capturedAt'],
    message: 'Consent must not be dated in the future. Send the time it was given, with its UTC offset.',
  });

type ConsentInput = z.output<typeof consentInput>;

/** Records a consent decision. Every decision is kept, and the latest one is in force. */
export function recordConsent(db: Db, input: unknown): Promise<UpsertResult> {
  return writeOne(db, consentWriter, input);
}

export const consentWriter: BulkWriter<ConsentInput> = {
  parse: (input) => parseInput(consentInput, input),
  ...oneByOne(writeConsent),
};

async function writeConsent(tx: Tx, wanted: ConsentInput): Promise<UpsertResult> {
  const { customer, channel, purpose, status } = wanted;
  const { workspaceId } = tx;
  const now = new Date();
  const capturedAt = wanted.capturedAt ?? now;
  if (wanted.expiresAt && wanted.expiresAt <= effectiveAt({ capturedAt, createdAt: now }))
    throw invalid('Must be after `capturedAt`. Send a later time, or null for no expiry.', 'expiresAt');
  const customerId = await resolveCustomer(tx, customer, 'customer');
  await lockRows(tx, 'Customer', [customerId]);

  const key = { workspaceId, customerId, channel, purpose };
  const history = await tx.consentEvent.findMany({ where: key, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
  const base = sameDecision(history, wanted, now);
  if (base && saysTheSame(base, wanted)) return { id: base.id, outcome: 'NOOP' };

  const id = newId();
  const event: ConsentEventModel = {
    ...key,
    id,
    status,
    source: keep(wanted.source, base?.source),
    evidence: keep(wanted.evidence, base?.evidence),
    capturedAt,
    expiresAt: keep(wanted.expiresAt, base?.expiresAt),
    createdAt: now,
  };
  const { id: heldId, createdAt: _, ...held } = decisionHeld([event, ...history]);
  if (heldId === id)
    await tx.consent.upsert({
      where: { workspaceId_customerId_channel_purpose: key },
      create: { ...held, id: newId() },
      update: held,
    });
  await tx.consentEvent.create({ data: event });
  return { id, outcome: 'CREATED' };
}

// Finds the decision that this one repeats or corrects. With `capturedAt`, it is the latest record of that time, so
// that a value can be corrected back. Without it, the input is about now and repeats the decision in force, unless that
// has expired.
function sameDecision(history: ConsentEventModel[], { status, capturedAt }: ConsentInput, now: Date) {
  if (capturedAt)
    return history.find((each) => each.status === status && each.capturedAt.getTime() === capturedAt.getTime());
  const held = history.length > 0 ? decisionHeld(history) : null;
  const holds = held?.status === status && held.capturedAt <= now && (held.expiresAt === null || held.expiresAt > now);
  return holds ? held : undefined;
}

// Omitted fields are not compared.
function saysTheSame(event: ConsentEventModel, { source, evidence, expiresAt }: ConsentInput): boolean {
  return !differs(
    Object.fromEntries(Object.entries({ source, evidence, expiresAt }).filter(([, value]) => value !== undefined)),
    event,
  );
}
