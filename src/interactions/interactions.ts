import * as z from 'zod';
import { erasedError } from '../customers/identity/erased-keys.ts';
import { customerKeyInput, resolveCustomers } from '../customers/identity/keys.ts';
import type { Db } from '../db/database.ts';
import { entityKey, identifyByKey, resolveEntities } from '../db/entity-keys.ts';
import {
  ActorKind,
  InteractionChannel,
  InteractionDirection,
  InteractionKind,
  Sentiment,
} from '../db/generated/prisma/enums.ts';
import type { InteractionModel } from '../db/generated/prisma/models.ts';
import type { Statements } from '../db/statements.ts';
import { type BulkWriter, bulkUpsert, writeOneBySql } from '../db/write/bulk-upsert.ts';
import { differs, keep, part } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { json, listOf, name, parseInput, pastInstant, text } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import { refused, type UpsertResult } from '../lib/upsert-result.ts';
import { checkVersion, expectedVersion } from '../lib/versions.ts';

const seconds = z.int().min(0).max(31_536_000);

const interactionInput = z.strictObject({
  key: entityKey('Interaction').nullish(),
  customer: customerKeyInput.nullish(),
  channel: z.enum(InteractionChannel).nullish(),
  direction: z.enum(InteractionDirection).nullish(),
  kind: z.enum(InteractionKind).nullish(),
  occurredAt: pastInstant().nullish(),
  actor: z.strictObject({ kind: z.enum(ActorKind), name: name().nullish(), ref: name().nullish() }).nullish(),
  subject: text(1_000).nullish(),
  body: text(100_000).nullish(),
  waitSeconds: seconds.nullish(),
  holdSeconds: seconds.nullish(),
  durationSeconds: seconds.nullish(),
  sentiment: z.enum(Sentiment).nullish(),
  topics: listOf(name(100), 50).nullish(),
  location: entityKey('Location').nullish(),
  order: entityKey('Order').nullish(),
  case: entityKey('Case').nullish(),
  metadata: json.nullish(),
  expectedVersion,
});

type InteractionInput = z.output<typeof interactionInput>;
type References = {
  customerId: string | null;
  locationId: string | null;
  orderId: string | null;
  caseId: string | null;
};

/** Records an interaction with a customer, or updates a recorded one. It never sends anything. */
export function upsertInteraction(db: Db, input: unknown): Promise<UpsertResult> {
  return writeOneBySql(db, interactionWriter, input);
}

export const interactionWriter: BulkWriter<InteractionInput, Statements> = {
  parse: (input) => parseInput(interactionInput, input),
  ...bulkUpsert({
    // Bodies may be long, so they count toward the size of a step.
    weigh: ({ body }: InteractionInput) => 1 + (body?.length ?? 0) / 1_000,
    identify: (tx: Statements, items: InteractionInput[]) => identifyByKey(tx, 'Interaction', items),
    async read(tx, subjects) {
      const references = await resolveReferences(
        tx,
        subjects.map(({ input }) => input),
      );
      const stored = await readInteractions(
        tx,
        subjects.flatMap(({ id }) => id ?? []),
      );
      const cases = subjects.flatMap(({ input, id }, i) => {
        const [resolved, before] = [references[i], stored.get(id ?? '') ?? null];
        if (!resolved || refused(resolved)) return [];
        const { customerId, caseId } = owners(input, resolved, before);
        return customerId ? [] : (caseId ?? []);
      });
      return { references, stored, caseCustomers: await readCaseCustomers(tx, cases) };
    },
    plan({ input, id }, { references, stored, caseCustomers }, i) {
      const resolved = references[i];
      if (!resolved || refused(resolved)) throw resolved ?? new Error('The references were not resolved.');
      return planInteraction(input, resolved, stored.get(id ?? '') ?? null, caseCustomers);
    },
    write: (plans, bulk) => bulk.save('Interaction', plans),
  }),
};

async function resolveReferences(tx: Statements, items: InteractionInput[]): Promise<(References | DomainError)[]> {
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
  return items.map((_, i) => {
    const [customerId, locationId] = [customers[i] ?? null, locations[i] ?? null];
    const [orderId, caseId] = [orders[i] ?? null, cases[i] ?? null];
    if (refused(customerId)) return customerId;
    if (refused(locationId)) return locationId;
    if (refused(orderId)) return orderId;
    if (refused(caseId)) return caseId;
    return { customerId, locationId, orderId, caseId };
  });
}

// Columns are named instead of `*`, so that statements prepared before a migration still work after it adds a column.
const storedColumns = `"id", "customerId", "source", "externalId", "channel", "direction", "kind", "occurredAt",
  "actorKind", "actorName", "actorRef", "subject", "body", "waitSeconds", "holdSeconds", "durationSeconds", "sentiment",
  "topics", "locationId", "orderId", "caseId", "metadata", "version"`;
// An interaction of a customer who is being erased may still exist. It must not be changed or moved to someone else.
const isErased = `EXISTS (SELECT 1 FROM "Customer" c
  WHERE c."workspaceId" = $1::uuid AND c."id" = t."customerId" AND c."status" = 'ERASED') AS "isErased"`;
type StoredInteraction = Omit<InteractionModel, 'workspaceId' | 'createdAt' | 'updatedAt'> & { isErased: boolean };
type CaseCustomer = { customerId: string | null; isErased: boolean };

async function readInteractions(tx: Statements, ids: string[]): Promise<Map<string, StoredInteraction>> {
  if (ids.length === 0) return new Map();
  const text = `SELECT ${storedColumns}, ${isErased} FROM "Interaction" t WHERE "workspaceId" = $1::uuid AND "id" = ANY ($2::uuid[])
    ORDER BY "id" FOR NO KEY UPDATE OF t`;
  const rows = await tx.query<StoredInteraction>({ text, values: [tx.workspaceId, ids] });
  return new Map(rows.map((row) => [row.id, row]));
}

// Reads the customers of cases and locks the cases until the transaction ends. A case that gets its customer in the
// meantime waits, and then moves these interactions too.
async function readCaseCustomers(tx: Statements, ids: string[]): Promise<Map<string, CaseCustomer>> {
  if (ids.length === 0) return new Map();
  const text = `SELECT "id", "customerId", ${isErased} FROM "Case" t WHERE "workspaceId" = $1::uuid AND "id" = ANY ($2::uuid[])
    ORDER BY "id" FOR SHARE OF t`;
  const rows = await tx.query<CaseCustomer & { id: string }>({ text, values: [tx.workspaceId, ids] });
  return new Map(rows.map(({ id, ...customer }) => [id, customer]));
}

// The customer and the case that an interaction names. Without a customer, it belongs to the customer of its case.
function owners(input: InteractionInput, references: References, stored: StoredInteraction | null) {
  return {
    customerId: keep(input.customer === undefined ? undefined : references.customerId, stored?.customerId),
    caseId: keep(input.case === undefined ? undefined : references.caseId, stored?.caseId),
  };
}

function planInteraction(
  input: InteractionInput,
  references: References,
  stored: StoredInteraction | null,
  caseCustomers: Map<string, CaseCustomer>,
) {
  const { key, actor } = input;
  if (!stored && key?.id) throw new DomainError('NOT_FOUND', 'No interaction has this ID.', { field: ['key', 'id'] });
  if (stored?.isErased) throw erasedError('key');
  checkVersion(input.expectedVersion, stored);
  const { customerId: named, caseId } = owners(input, references, stored);
  const ofCase = caseCustomers.get(caseId ?? '');
  if (ofCase?.isErased) throw erasedError('case');
  const customerId = named ?? ofCase?.customerId ?? null;
  const channel = input.channel ?? stored?.channel;
  const direction = input.direction ?? stored?.direction;
  const occurredAt = input.occurredAt ?? stored?.occurredAt;
  if (!customerId && !caseId) {
    throw invalid('An interaction requires a `customer` or a `case`.', 'customer');
  }
  if (!channel) throw invalid('A new interaction requires a `channel`.', 'channel');
  if (!direction) throw invalid('A new interaction requires a `direction`.', 'direction');
  if (!occurredAt) throw invalid('A new interaction requires `occurredAt`.', 'occurredAt');
  const row = {
    id: stored?.id ?? newId(),
    customerId,
    source: stored?.source ?? key?.externalId?.source ?? null,
    externalId: stored?.externalId ?? key?.externalId?.value ?? null,
    channel,
    direction,
    kind: input.kind ?? stored?.kind ?? 'MESSAGE',
    occurredAt,
    // By default, the customer acts in inbound interactions, and staff in all others.
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
    caseId,
    metadata: keep(input.metadata, stored?.metadata),
  };
  const outcome: UpsertResult['outcome'] = stored ? (differs(row, stored) ? 'UPDATED' : 'NOOP') : 'CREATED';
  return { id: row.id, row, outcome };
}
