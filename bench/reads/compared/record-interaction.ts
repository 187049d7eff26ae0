import { randomUUID } from 'node:crypto';
import type { ComparedRead } from '../read.ts';

/** Later than everything that `seed` writes. */
export const recordedAt = '2026-11-20T10:00:00.000Z';

const said = { subject: 'About my order', body: 'Hello, I should like to know when my parcel comes.' };

export const recordInteraction: ComparedRead = {
  name: 'recordInteraction',
  title: 'record an interaction',
  isWrite: true,
  budget: { rps: { atLeast: 0.5 }, cpu: { atMost: 4 } },
  settle: ({ id: _, ...facts }) => facts,
  rapport: {
    text: `mutation ($input: UpsertInteractionInput!, $idempotencyKey: String) {
      upsertInteraction(input: $input, idempotencyKey: $idempotencyKey) {
        interaction { id channel direction kind occurredAt subject body } } }`,
    variables: ({ email }) => ({
      input: { customer: { email }, channel: 'EMAIL', direction: 'INBOUND', occurredAt: recordedAt, ...said },
      idempotencyKey: randomUUID(),
    }),
  },
  limit: {
    text: `INSERT INTO "Interaction" AS i ("workspaceId", "id", "customerId", "channel", "direction", "kind", "occurredAt", "actorKind",
        "subject", "body", "topics", "createdAt", "updatedAt")
      SELECT $1, gen_random_uuid(), "customerId", 'EMAIL', 'INBOUND', 'MESSAGE', $3, 'CUSTOMER', $4, $5, '{}', now(), now()
      FROM "ContactPoint" WHERE "workspaceId" = $1 AND "normalizedValue" = $2 AND "kind" = 'EMAIL'
      RETURNING json_build_object('id', i."id", 'channel', i."channel", 'direction', i."direction", 'kind', i."kind",
        'occurredAt', i."occurredAt", 'subject', i."subject", 'body', i."body")::text AS json`,
    variables: ({ email }) => ({ email, occurredAt: recordedAt, ...said }),
  },
  // Looks up no customer: a mutation cannot use the result of a query.
  postgraphile: {
    text: `mutation ($interaction: InteractionInput!) { createInteraction(input: { interaction: $interaction }) {
      interaction { id: rowId channel direction kind occurredAt subject body } } }`,
    variables: ({ workspaceId, customerId }) => ({
      interaction: {
        workspaceId,
        rowId: randomUUID(),
        customerId,
        channel: 'EMAIL',
        direction: 'INBOUND',
        kind: 'MESSAGE',
        occurredAt: recordedAt,
        actorKind: 'CUSTOMER',
        ...said,
        topics: [],
        createdAt: recordedAt,
        updatedAt: recordedAt,
      },
    }),
  },
};
