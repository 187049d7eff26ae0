import { contactFactsSql } from '../db/contact-facts.ts';
import type { NextActionStatus } from '../db/generated/prisma/enums.ts';
import { type Statements, workspace } from '../db/statements.ts';
import { type ContactFacts, permissionOf } from '../lib/contact/contact-permission.ts';
import { type GestureKind, purposeOfGesture, waitsForComplaint } from '../lib/gesture-kinds.ts';
import { amount } from '../lib/money.ts';

/** Reasons why a gesture cannot be made now. */
export const blocks = {
  NO_CONSENT: 'The customer does not allow contact for this kind of gesture.',
  OPEN_COMPLAINT: 'A complaint of the customer is open.',
  CAP_REACHED: 'The cost would exceed the cap for the customer and period.',
  QUIET_HOURS: 'The customer has quiet hours now, or quiet hours in an unknown time zone.',
} as const;

export type Block = keyof typeof blocks;

/** What decides whether a gesture is blocked, as JSON from the database. Amounts are texts. */
export type BlockFacts = ContactFacts & {
  kind: GestureKind;
  status: NextActionStatus;
  channel: string | null;
  cost: string | null;
  hasOpenComplaint: boolean;
  cap: string | null;
  /** Cost of the other gestures to the customer in the period of the cap, from their approval. */
  spent: string;
};

/** Builds SQL for the facts of the gesture with this table alias. */
export function blockFactsSql(row: string): string {
  const own = (alias: string) =>
    `${alias}."workspaceId" = ${workspace} AND ${alias}."customerId" = ${row}."customerId"`;
  const cap = (column: string) =>
    `(SELECT nc.${column} FROM "NextActionCap" nc WHERE nc."workspaceId" = ${workspace} AND nc."currencyCode" = ${row}."currencyCode")`;
  return `(SELECT jsonb_build_object('kind', ${row}."kind", 'status', ${row}."status", 'channel', ${row}."channel", 'cost', ${row}."cost"::text,
    ${contactFactsSql('bc', 'now()')},
    'hasOpenComplaint', EXISTS (SELECT 1 FROM "Case" bk WHERE ${own('bk')} AND bk."kind" = 'COMPLAINT' AND bk."openedAt" <= now()
      AND NOT (bk."status" = 'RESOLVED' AND (bk."resolvedAt" IS NULL OR bk."resolvedAt" <= now()))),
    'cap', ${cap('"amount"::text')},
    'spent', (SELECT coalesce(sum(bs."cost"), 0)::text FROM "NextAction" bs WHERE ${own('bs')} AND bs."currencyCode" = ${row}."currencyCode"
      AND bs."id" <> ${row}."id" AND bs."status" IN ('APPROVED', 'OFFERED', 'REDEEMED')
      AND bs."approvedAt" > now() - ${cap('"periodDays"')} * interval '1 day'))
    FROM "Customer" bc WHERE bc."workspaceId" = ${workspace} AND bc."id" = ${row}."customerId")`;
}

/** Reads the facts of a gesture. Null if it does not exist. */
export async function readBlockFacts(
  tx: Pick<Statements, 'workspaceId' | 'query'>,
  id: string,
): Promise<BlockFacts | null> {
  const text = `SELECT ${blockFactsSql('n')} AS facts FROM "NextAction" n WHERE n."workspaceId" = ${workspace} AND n."id" = $2::uuid`;
  const [row] = await tx.query<{ facts: BlockFacts }>({ text, values: [tx.workspaceId, id] });
  return row?.facts ?? null;
}

/** Returns every reason why a gesture cannot be made now. A gesture that has ended is not blocked. */
export function blocksOf(facts: BlockFacts, now: Date): { block: Block; nextAllowedAt: string | null }[] {
  const { kind, status, channel, cost, cap, spent, decisions, quiet, timezone, hasOpenComplaint } = facts;
  if (status === 'REDEEMED' || status === 'DISMISSED') return [];
  const found: { block: Block; nextAllowedAt: string | null }[] = [];
  const { reason, nextAllowedAt } = permissionOf(decisions, quiet, timezone, purposeOfGesture[kind], channel, now);
  if (reason === 'NO_CONSENT') found.push({ block: 'NO_CONSENT', nextAllowedAt: null });
  if (hasOpenComplaint && waitsForComplaint(kind)) found.push({ block: 'OPEN_COMPLAINT', nextAllowedAt: null });
  if (cap !== null && cost !== null && amount(spent).plus(amount(cost)).greaterThan(amount(cap)))
    found.push({ block: 'CAP_REACHED', nextAllowedAt: null });
  if (reason === 'QUIET_HOURS' || reason === 'NO_TIME_ZONE') found.push({ block: 'QUIET_HOURS', nextAllowedAt });
  return found;
}
