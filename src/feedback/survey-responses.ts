import * as z from 'zod';
import { erasedError } from '../customers/identity/erased-keys.ts';
import { customerKeyInput, resolveCustomer } from '../customers/identity/keys.ts';
import type { Db, Tx } from '../db/database.ts';
import { entityKey, externalIdColumns, findEntities, resolveEntities } from '../db/entity-keys.ts';
import { SurveyKind } from '../db/generated/prisma/enums.ts';
import { type BulkWriter, oneByOne, writeOne } from '../db/write/bulk-upsert.ts';
import { lockRows } from '../db/write/transact.ts';
import { differs } from '../lib/changes.ts';
import { DomainError, invalid } from '../lib/errors.ts';
import { parseInput, pastInstant, text } from '../lib/fields.ts';
import { newId } from '../lib/ids.ts';
import { refused, type UpsertResult } from '../lib/upsert-result.ts';

const surveyResponseInput = z.strictObject({
  key: entityKey('SurveyResponse').nullish(),
  customer: customerKeyInput,
  kind: z.enum(SurveyKind),
  rating: z.int().nullish(),
  comment: text(10_000).nullish(),
  case: entityKey('Case').nullish(),
  order: entityKey('Order').nullish(),
  interaction: entityKey('Interaction').nullish(),
  respondedAt: pastInstant().nullish(),
});

type SurveyResponseInput = z.output<typeof surveyResponseInput>;

// The scale of each kind: lowest and highest rating.
const scales = { CSAT: [1, 5], NPS: [0, 10], CES: [1, 7] } as const;

/** Records a survey response or suggestion. With a known key, it replaces that response. */
export function recordSurveyResponse(db: Db, input: unknown): Promise<UpsertResult> {
  return writeOne(db, surveyResponseWriter, input);
}

export const surveyResponseWriter: BulkWriter<SurveyResponseInput> = {
  parse: (input) => parseInput(surveyResponseInput, input),
  ...oneByOne(writeSurveyResponse),
};

async function writeSurveyResponse(tx: Tx, response: SurveyResponseInput): Promise<UpsertResult> {
  const { workspaceId } = tx;
  const { key, kind, rating, comment } = response;
  checkRating(kind, rating ?? null, comment ?? null);
  const customerId = await resolveCustomer(tx, response.customer, 'customer');
  const [caseId] = await resolveEntities(tx, 'Case', [response.case], 'case');
  const [orderId] = await resolveEntities(tx, 'Order', [response.order], 'order');
  const [interactionId] = await resolveEntities(tx, 'Interaction', [response.interaction], 'interaction');
  if (refused(caseId)) throw caseId;
  if (refused(orderId)) throw orderId;
  if (refused(interactionId)) throw interactionId;

  const [known] = await findEntities(tx, 'SurveyResponse', [key]);
  if (known) await lockRows(tx, 'SurveyResponse', [known]);
  const stored = known
    ? await tx.surveyResponse.findUnique({
        where: { workspaceId_id: { workspaceId, id: known } },
        include: { customer: { select: { status: true } } },
      })
    : null;
  if (!stored && key?.id)
    throw new DomainError('NOT_FOUND', 'No survey response has this ID.', { field: ['key', 'id'] });
  // A response of a customer who is being erased may still exist. It must not be changed or moved to another customer.
  if (stored?.customer.status === 'ERASED') throw erasedError('key');
  const row = {
    customerId,
    kind,
    rating: rating ?? null,
    comment: comment ?? null,
    caseId: caseId ?? null,
    orderId: orderId ?? null,
    interactionId: interactionId ?? null,
    respondedAt: response.respondedAt ?? stored?.respondedAt ?? new Date(),
  };
  if (stored) {
    if (!differs(row, stored)) return { id: stored.id, outcome: 'NOOP' };
    await tx.surveyResponse.update({ where: { workspaceId_id: { workspaceId, id: stored.id } }, data: row });
    return { id: stored.id, outcome: 'UPDATED' };
  }
  const named = externalIdColumns(key?.externalId);
  const id = newId();
  await tx.surveyResponse.create({ data: { workspaceId, id, ...named, ...row, createdAt: new Date() } });
  return { id, outcome: 'CREATED' };
}

function checkRating(kind: SurveyKind, rating: number | null, comment: string | null): void {
  if (kind === 'SUGGESTION') {
    if (rating !== null) throw invalid('A suggestion cannot have a `rating`. Omit it.', 'rating');
    if (!comment?.trim()) throw invalid('A suggestion requires a `comment`.', 'comment');
    return;
  }
  const [lowest, highest] = scales[kind];
  if (rating === null || rating < lowest || rating > highest)
    throw invalid(`${kind} requires a \`rating\` from ${lowest} to ${highest}.`, 'rating');
}
