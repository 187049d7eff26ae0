import * as z from 'zod';
import { customerKeyInput, resolveCustomers } from '../customers/identity/keys.ts';
import type { Db, Tx } from '../db/database.ts';
import { entityKey, externalIdColumns } from '../db/entity-keys.ts';
import { ActorKind, GestureKind, InteractionChannel } from '../db/generated/prisma/enums.ts';
import type { NextActionModel } from '../db/generated/prisma/models.ts';
import { type BulkWriter, oneByOne, writeOne } from '../db/write/bulk-upsert.ts';
import { differs, keep } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { currencyCode, name, parseInput, pastInstant, positiveDecimal } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import { refused, type UpsertResult } from '../lib/upsert-result.ts';
import { checkVersion, expectedVersion } from '../lib/versions.ts';
import { noNextAction, readNextAction } from './stored-next-action.ts';

const nextActionInput = z.strictObject({
  key: entityKey('NextAction').nullish(),
  customer: customerKeyInput.nullish(),
  kind: z.enum(GestureKind).nullish(),
  text: name(1_000).nullish(),
  cost: positiveDecimal().nullish(),
  currencyCode: currencyCode().nullish(),
  channel: z.enum(InteractionChannel).nullish(),
  suggestedAt: pastInstant().nullish(),
  suggestedByKind: z.enum(ActorKind).nullish(),
  suggestedByName: name().nullish(),
  expectedVersion,
});

type NextActionInput = z.output<typeof nextActionInput>;

/** Suggests a gesture, or changes the suggestion identified by `key`. */
export function suggestNextAction(db: Db, input: unknown): Promise<UpsertResult> {
  return writeOne(db, nextActionWriter, input);
}

export const nextActionWriter: BulkWriter<NextActionInput> = {
  parse: (input) => parseInput(nextActionInput, input),
  ...oneByOne(writeNextAction),
};

async function writeNextAction(tx: Tx, input: NextActionInput): Promise<UpsertResult> {
  const { workspaceId } = tx;
  const stored = input.key ? await readNextAction(tx, input.key) : null;
  if (!stored && input.key?.id) throw noNextAction();
  checkVersion(input.expectedVersion, stored);
  const [customerId] = await resolveCustomers(tx, [input.customer], 'customer');
  if (refused(customerId)) throw customerId;
  const now = new Date();
  const row = nextActionRow(input, customerId ?? stored?.customerId, stored, now);
  const id = stored?.id ?? newId();
  if (!stored) {
    const named = externalIdColumns(input.key?.externalId);
    const status = 'SUGGESTED' as const;
    await tx.nextAction.create({ data: { workspaceId, id, ...named, ...row, status, createdAt: now, updatedAt: now } });
    return { id, outcome: 'CREATED' };
  }
  if (!differs(row, stored)) return { id, outcome: 'NOOP' };
  if (stored.status !== 'SUGGESTED')
    throw new DomainError(
      'CONFLICT',
      `A gesture that is ${stored.status} cannot change. Dismiss it, and suggest another one.`,
      { field: ['key'] },
    );
  await tx.nextAction.update({ where: { workspaceId_id: { workspaceId, id } }, data: { ...row, updatedAt: now } });
  return { id, outcome: 'UPDATED' };
}

function nextActionRow(
  input: NextActionInput,
  customerId: string | undefined,
  stored: NextActionModel | null,
  now: Date,
) {
  const kind = input.kind ?? stored?.kind;
  const wording = input.text ?? stored?.text;
  if (!customerId) throw invalid('A new suggestion requires a `customer`.', 'customer');
  if (!kind) throw invalid('A new suggestion requires a `kind`.', 'kind');
  if (!wording) throw invalid('A new suggestion requires a `text`.', 'text');
  const cost = keep(input.cost, stored?.cost);
  const currency = keep(input.currencyCode, stored?.currencyCode);
  if (cost !== null && currency === null) throw invalid('A `cost` requires a `currencyCode`.', 'currencyCode');
  return {
    customerId,
    kind,
    text: wording,
    cost: cost === null ? null : cost.toString(),
    currencyCode: cost === null ? null : currency,
    channel: keep(input.channel, stored?.channel),
    suggestedAt: input.suggestedAt ?? stored?.suggestedAt ?? now,
    suggestedByKind: input.suggestedByKind ?? stored?.suggestedByKind ?? 'STAFF',
    suggestedByName: keep(input.suggestedByName, stored?.suggestedByName),
  };
}
