import { externalIdColumns } from '../manifest.ts';

export const scopes = [
  { noun: 'follow-ups', covers: 'follow-ups and promises with due times', readers: 'CUSTOMERS' },
] as const;

export const tables = {
  FollowUp: {
    idPrefix: 'followup',
    hasExternalIds: true,
    time: 'madeAt',
    customerRows: 'OWN',
    // Follow-ups are notes of the staff. Promises were made to the customer.
    customerCondition: `"kind" = 'PROMISE'`,
    columns: { ...externalIdColumns, text: 'FREE_TEXT', madeByName: 'IF_CONTACT' },
    erasure: 'DELETE',
    timeline: { kind: 'FOLLOW_UP', description: 'A follow-up or promise, dated when it was made.' },
    history: {
      name: 'followUps',
      description: 'Follow-ups and promises, most recently made first.',
      purposes: ['SUPPORT', 'PERSONALISATION'],
    },
    fact: {
      columns: ['kind', 'status', 'dueAt', 'madeAt', 'completedAt', 'canceledAt'],
      rule: ['status.ts', 'followUpRule'],
    },
  },
} as const;

export const records = {
  followUp: {
    writer: ['follow-ups.ts', 'followUpWriter'],
    isKeyOptional: true,
    example: {
      key: { externalId: 'f1' },
      customer: { externalId: 'c1' },
      kind: 'PROMISE',
      text: 'A label by tomorrow',
      dueAt: '2026-01-21T12:00:00Z',
      case: { externalId: 'k1' },
      madeAt: '2026-01-20T12:00:00Z',
      madeByName: 'Ola',
      completedAt: '2026-01-21T09:00:00Z',
    },
  },
} as const;

export const schemaModules = ['schema.ts', 'mutations.ts'] as const;
export const pastTables = ['past-tables.ts', 'pastTables'] as const;
