import { externalIdColumns } from '../manifest.ts';

export const scopes = [
  { noun: 'interactions', covers: 'messages, calls, visits, notes', readers: 'CUSTOMERS' },
] as const;

export const tables = {
  Interaction: {
    idPrefix: 'interaction',
    hasExternalIds: true,
    time: 'occurredAt',
    customerRows: 'OWN',
    // Notes and messages between staff are not for customers.
    customerCondition: `"direction" <> 'INTERNAL'`,
    columns: {
      ...externalIdColumns,
      actorName: 'IF_CONTACT',
      actorRef: 'IF_CONTACT',
      subject: 'FREE_TEXT',
      body: 'FREE_TEXT',
      metadata: 'FREE_TEXT',
      topics: 'LABEL',
    },
    erasure: 'DELETE',
    timeline: {
      kind: 'INTERACTION',
      description: 'An interaction with the customer, dated when it took place.',
      hasChannel: true,
    },
    history: {
      name: 'interactions',
      description: 'Interactions with the customer, newest first.',
      purposes: ['SUPPORT', 'PERSONALISATION'],
      isExpected: true,
    },
    fact: { columns: ['channel', 'direction', 'kind', 'actorKind', 'occurredAt'] },
  },
} as const;

export const records = {
  interaction: {
    writer: ['interactions.ts', 'interactionWriter'],
    isKeyOptional: true,
    example: {
      key: { externalId: 'i1' },
      customer: { externalId: 'c1' },
      case: { externalId: 'k1' },
      channel: 'EMAIL',
      direction: 'INBOUND',
      occurredAt: '2026-01-20T12:00:00Z',
      subject: 'Lamp',
      body: 'It is too bright.',
    },
  },
} as const;

export const schemaModules = ['schema.ts', 'unanswered-schema.ts'] as const;
