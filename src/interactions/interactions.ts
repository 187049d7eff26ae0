import { z } from 'zod';
import { customerKeyInput, resolveCustomers } from '../customers/keys.ts';
import { insertRows, updateRows } from '../db/bulk.ts';
import type { Db, Tx } from '../db/database.ts';
import { entityKey, entityKeyText, findEntities, resolveEntities } from '../db/entity-keys.ts';
import {
  ActorKind,
  InteractionChannel,
  InteractionDirection,
  InteractionKind,
  Sentiment,
} from '../db/generated/prisma/enums.ts';
import type { InteractionModel } from '../db/generated/prisma/models.ts';
import { transact } from '../db/transact.ts';
import { differs, keep, part } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { instant, json, name, parseInput, text } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import {
  accepted,
  attempt,
  inRounds,
  only,
  refused,
  type WriteResult,
  type Written,
  writeValid,
} from '../lib/written.ts';

const seconds = z.int().min(0).max(31_536_000);

const interactionInput = z.strictObject({
  key: entityKey('Interaction').nullish(),
  customer: customerKeyInput.nullish(),
  channel: z.enum(InteractionChannel).nullish(),
  direction: z.enum(InteractionDirection).nullish(),
  kind: z.enum(InteractionKind).nullish(),
  occurredAt: instant().nullish(),
  actor: z.strictObject({ kind: z.enum(ActorKind), name: name().nullish(), ref: name().nullish() }).nullish(),
  subject: text(1_000).nullish(),
  body: text(100_000).nullish(),
  waitSeconds: seconds.nullish(),
  holdSeconds: seconds.nullish(),
  durationSeconds: seconds.nullish(),
  sentiment: z.enum(Sentiment).nullish(),
  topics: z.array(name(100)).max(50).nullish(),
  location: entityKey('Location').nullish(),
  order: entityKey('Order').nullish(),
  case: entityKey('Case').nullish(),
  metadata: json.nullish(),
});

type InteractionInput = z.output<typeof interactionInput>;
type References = {
  customerId: string | null;
  locationId: string | null;
  orderId: string | null;
  caseId: string | null;
};

/** Records something that passed between us and a customer, or corrects what was recorded. It never sends anything. */
export async function upsertInteraction(db: Db, input: unknown): Promise<Written> {
  return transact(db, async (tx) => only(await upsertInteractions(tx, [input])));
}

/** Many at once, each written or refused on its own, in a handful of statements whatever their number. */
export async function upsertInteractions(tx: Tx, inputs: unknown[]): Promise<WriteResult[]> {
  const parse = (input: unknown) => parseInput(interactionInput, input);
  return writeValid(inputs, parse, (items) =>
    inRounds(
      items,
      ({ key }) => (key ? [entityKeyText(key)] : []),
      (round) => writeRound(tx, round),
    ),
  );
}

async function writeRound(tx: Tx, items: InteractionInput[]): Promise<WriteResult[]> {
  const customers = await resolveCustomers(
    tx,
    items.map(({ customer }) => customer),
    'customer',
  );
  const locations = await resolveEntities(
    tx,
    'Location',
    items.map(({ location }) => location),
    'location',
  );
  const orders = await resolveEntities(
    tx,
    'Order',
    items.map(({ order }) => order),
    'order',
  );
  const cases = await resolveEntities(
    tx,
    'Case',
    items.map((item) => item.case),
    'case',
  );
  const ids = await findEntities(
    tx,
    'Interaction',
    items.map(({ key }) => key),
  );
  const known = ids.filter((id) => id !== null);
  const rows =
    known.length > 0
      ? await tx.interaction.findMany({ where: { workspaceId: tx.workspaceId, id: { in: known } } })
      : [];
  const stored = new Map(rows.map((row) => [row.id, row]));

  const plans = items.map((item, i) => {
    const [customerId, locationId, orderId, caseId] = [
      customers[i] ?? null,
      locations[i] ?? null,
      orders[i] ?? null,
      cases[i] ?? null,
    ];
    if (refused(customerId)) return customerId;
    if (refused(locationId)) return locationId;
    if (refused(orderId)) return orderId;
    if (refused(caseId)) return caseId;
    const references = { customerId, locationId, orderId, caseId };
    return attempt(() => planInteraction(tx.workspaceId, item, references, stored.get(ids[i] ?? '') ?? null));
  });
  const now = new Date();
  const writable = plans.filter((plan) => accepted(plan));
  const created = writable.filter(({ outcome }) => outcome === 'CREATED');
  await insertRows(
    tx,
    'Interaction',
    created.map(({ row }) => ({ ...row, createdAt: now, updatedAt: now })),
  );
  const updated = writable.filter(({ outcome }) => outcome === 'UPDATED');
  await updateRows(
    tx,
    'Interaction',
    updated.map(({ row }) => ({ ...row, updatedAt: now })),
  );
  return plans.map((plan) => (refused(plan) ? plan : { id: plan.row.id, outcome: plan.outcome }));
}

function planInteraction(
  workspaceId: string,
  input: InteractionInput,
  references: References,
  stored: InteractionModel | null,
) {
  const { key, actor } = input;
  if (!stored && key?.id) throw new DomainError('NOT_FOUND', 'No such interaction.', { field: ['key', 'id'] });
  const customerId = keep(input.customer === undefined ? undefined : references.customerId, stored?.customerId);
  const channel = input.channel ?? stored?.channel;
  const direction = input.direction ?? stored?.direction;
  const occurredAt = input.occurredAt ?? stored?.occurredAt;
  if (!customerId && !references.caseId && !stored?.caseId) {
    throw invalid('An interaction needs its customer, or a case.', 'customer');
  }
  if (!channel) throw invalid('A new interaction needs its channel.', 'channel');
  if (!direction) throw invalid('A new interaction needs its direction.', 'direction');
  if (!occurredAt) throw invalid('A new interaction needs its instant.', 'occurredAt');
  const row = {
    workspaceId,
    id: stored?.id ?? newId(),
    customerId,
    source: stored?.source ?? key?.externalId?.source ?? null,
    externalId: stored?.externalId ?? key?.externalId?.value ?? null,
    channel,
    direction,
    kind: input.kind ?? stored?.kind ?? 'MESSAGE',
    occurredAt,
    // Who spoke, unless told: what comes in is the customer's, what goes out is staff's.
    actorKind: actor?.kind ?? stored?.actorKind ?? (direction === 'INBOUND' ? 'CUSTOMER' : 'STAFF'),
    actorName: keep(
      part(actor, ({ name }) => name ?? null),
      stored?.actorName,
    ),
    actorRef: keep(
      part(actor, ({ ref }) => ref ?? null),
      stored?.actorRef,
    ),
    subject: keep(input.subject, stored?.subject),
    body: keep(input.body, stored?.body),
    waitSeconds: keep(input.waitSeconds, stored?.waitSeconds),
    holdSeconds: keep(input.holdSeconds, stored?.holdSeconds),
    durationSeconds: keep(input.durationSeconds, stored?.durationSeconds),
    sentiment: keep(input.sentiment, stored?.sentiment),
    topics: keep(input.topics, stored?.topics) ?? [],
    locationId: keep(input.location === undefined ? undefined : references.locationId, stored?.locationId),
    orderId: keep(input.order === undefined ? undefined : references.orderId, stored?.orderId),
    caseId: keep(input.case === undefined ? undefined : references.caseId, stored?.caseId),
    metadata: keep(input.metadata, stored?.metadata),
  };
  const outcome: Written['outcome'] = stored ? (differs(row, stored) ? 'UPDATED' : 'NOOP') : 'CREATED';
  return { row, outcome };
}
